"""Which columns are the losses of a training, by the map of the user or by their names.

Of several losses that stand in both parts of the data, this order decides: the plain one (`loss`
and `val_loss`), the total one (`total_loss`), the only one, and else the sum of all, for then they
are components, as in YOLO. One that is logged an epoch wins over the same that is logged a step.
A loss of the test data is taken for the validation where there is no other.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (a dataclass field)
from dataclasses import dataclass

from audit.errors import LogError, suggest
from audit.images.headers import plain
from audit.logs.column import meaning
from audit.logs.log import Notice

KEYS = ("train", "val", "rate", "epoch")
"""What the user may map."""

TOTALS = ("", "total", "overall", "combined", "full", "sum", "all")
ADVERSARIES = frozenset({"d", "dis", "disc", "discriminator", "critic"})
"""Words of losses that are no component of a sum."""

GRAINS = ("epoch", "", "step")
LISTED = 30


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The columns of the losses (several are summed), of the rate, and why they were taken."""

    training: tuple[str, ...]
    validation: tuple[str, ...]
    rate: str | None
    notices: tuple[Notice, ...]

    @property
    def main(self) -> tuple[str, ...]:
        """The columns by which places are counted: the training's, else the validation's."""
        return self.training or self.validation


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """The best column of each kind of loss, for the training and for the validation."""

    training: Mapping[str, str]
    validation: Mapping[str, str]


def choose(
    columns: Mapping[str, int], asked: Mapping[str, str], again: frozenset[str] = frozenset()
) -> Choice:
    """Return the columns of the losses among those of a sheet, by their numbers of values.

    `asked` maps `train`, `val`, `rate` or `epoch` to a column; those told `again` and again within
    an epoch are taken only where none of the same kind tells the whole of it. Raises LogError where
    it names none that is there, and where no column is a loss.
    """
    if not columns:
        raise LogError("no number was logged in it; did the training write any epoch?")
    check(columns, asked)
    if "train" in asked or "val" in asked:
        chosen, reason = mapped(columns, asked), "as mapped"
    else:
        chosen, reason = guessed(kinds(columns, loss=True, again=again))
    training, validation = chosen
    if not training and not validation:
        raise LogError(
            f"no column is a loss among {listed(columns)}; "
            "name one with --map train=<column> and --map val=<column>"
        )
    rate = asked.get("rate") or rate_column(columns)
    notices = (
        *taken(training, validation, reason),
        *rate_taken(rate),
        *left_out(columns, training + validation),
    )
    return Choice(training=training, validation=validation, rate=rate, notices=notices)


def check(columns: Mapping[str, int], asked: Mapping[str, str]) -> None:
    """Refuse a map of unknown columns, suggesting near ones."""
    wanted = [(key, one) for key, text in asked.items() for one in several(columns, text)]
    for key, column in wanted:
        if column not in columns:
            raise LogError(
                f"--map {key}={plain(column)}: no such column; "
                f"{suggest(column, columns)}; there are {listed(columns)}"
            )


def several(columns: Mapping[str, int], asked: str) -> tuple[str, ...]:
    """Return the columns that are asked for: one by its name, or the sum of several, `a + b`.

    >>> several({"box": 9, "cls": 9, "a+b": 9}, "box+cls"), several({"a+b": 9}, "a+b")
    (('box', 'cls'), ('a+b',))
    """
    if asked in columns:
        return (asked,)
    return tuple(one.strip() for one in asked.split("+"))


def listed(columns: Mapping[str, int]) -> str:
    """Return the names of columns for one line of text, the first of many."""
    names = [f"`{plain(column)}`" for column in columns]
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more if names else "none"


def kinds(columns: Mapping[str, int], *, loss: bool, again: frozenset[str] = frozenset()) -> Kinds:
    """Return the best column of each kind: an epoch each before steps, validation before test."""

    def worth(column: str) -> tuple[bool, int, bool, bool, bool, int]:
        said = meaning(column)
        few, grain = columns[column] < 2, GRAINS.index(said.grain)  # noqa: PLR2004
        # Where a name says of which part it is, it is logged as its partner is.
        test, often = said.part == "test", column in again
        return few, grain, test, often, said.part is None, -columns[column]

    best: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for column in sorted(columns, key=worth):
        said = meaning(column)
        if said.counts or said.rate or said.clock or (loss and not said.loss):
            continue
        best[said.part in ("validation", "test")].setdefault(said.kind, column)
    return Kinds(training=best[False], validation=best[True])


def mapped(
    columns: Mapping[str, int], asked: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that the user named; where only one is, its partner of the same kind."""
    both = kinds(columns, loss=False)
    train, val = (several(columns, asked[key]) if key in asked else () for key in ("train", "val"))
    if not train:
        return partners(both.training, val), val
    return train, val or partners(both.validation, train)


def partners(known: Mapping[str, str], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of the other part that belong to some; none unless all are there."""
    found = [known.get(meaning(column).kind) for column in columns]
    there = tuple(one for one in found if one is not None and one not in columns)
    return there if len(there) == len(columns) else ()


def guessed(both: Kinds) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], str]:
    """Return the columns of the kinds of loss that come first in the order, and why they do."""
    common = [kind for kind in both.training if kind in both.validation]
    if not common and (whole := wholes(both)):
        return whole, "the total loss, called otherwise in the validation"
    chosen, reason = first(common or list(both.training) or list(both.validation))
    if len(chosen) > 1 and (against := [kind for kind in chosen if {*kind.split()} & ADVERSARIES]):
        names = listed(dict.fromkeys((*both.training.values(), *both.validation.values()), 1))
        raise LogError(
            f"`{against[0]}` is the loss of a network that is trained against another: the sum of "
            f"{names} says nothing; name one with --map train=<column>"
        )
    training = tuple(both.training[kind] for kind in chosen if kind in both.training)
    validation = tuple(both.validation[kind] for kind in chosen if kind in both.validation)
    return (training, validation), reason


def wholes(both: Kinds) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the total of each part where they are called otherwise: `total_loss`, `val_loss`."""
    train, val = (
        next((found[kind] for kind in TOTALS if kind in found), None)
        for found in (both.training, both.validation)
    )
    return ((train,), (val,)) if train and val else None


def first(found: list[str]) -> tuple[list[str], str]:
    """Return the kinds of loss that count, and why."""
    for kind in TOTALS:
        if kind in found:
            return [kind], f"the {kind or 'plain'} loss"
    if len(found) > 1:
        return sorted(found), f"the sum of {len(found)} components, for there is no total"
    return found, "the only loss"


def rate_column(columns: Mapping[str, int]) -> str | None:
    """Return the column of the learning rate; of several groups of parameters the last.

    Warm-up starts that of the biases high, and they stand first.
    """
    found = [column for column in columns if meaning(column).rate]
    return found[-1] if found else None


def taken(training: tuple[str, ...], validation: tuple[str, ...], reason: str) -> list[Notice]:
    """Return which columns were taken, and why."""
    notices = []
    for part, columns in (("training", training), ("validation", validation)):
        if columns:
            names = " + ".join(f"`{plain(column)}`" for column in columns)
            notices.append(Notice("taken", f"the {part} loss is {names}: {reason}"))
    if any(meaning(column).part == "test" for column in validation):
        notices.append(Notice("taken", "the test data are taken for the validation"))
    return notices


def rate_taken(rate: str | None) -> list[Notice]:
    """Return which column the learning rate is."""
    return [Notice("taken", f"the learning rate is `{plain(rate)}`")] if rate else []


def left_out(columns: Mapping[str, int], used: tuple[str, ...]) -> list[Notice]:
    """Return the further losses, which stand among the other quantities."""
    rest = [column for column in columns if meaning(column).loss and column not in used]
    if not rest:
        return []
    text = f"further losses, not judged: {listed(dict.fromkeys(rest, 1))}; --map takes another"
    return [Notice("left out", text)]
