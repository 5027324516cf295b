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


def choose(columns: Mapping[str, int], asked: Mapping[str, str]) -> Choice:
    """Return the columns of the losses among those of a sheet, by their numbers of values.

    `asked` maps `train`, `val`, `rate` or `epoch` to a column. Raises LogError where it names none
    that is there, and where no column is a loss.
    """
    if not columns:
        raise LogError("no number was logged in it; did the training write any epoch?")
    check(columns, asked)
    if "train" in asked or "val" in asked:
        chosen, reason = mapped(columns, asked), "as mapped"
    else:
        chosen, reason = guessed(kinds(columns, loss=True))
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
    for key, column in asked.items():
        if column not in columns:
            raise LogError(
                f"--map {key}={plain(column)}: no such column; "
                f"{suggest(column, columns)}; there are {listed(columns)}"
            )


def listed(columns: Mapping[str, int]) -> str:
    """Return the names of columns for one line of text, the first of many."""
    names = [f"`{plain(column)}`" for column in columns]
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more if names else "none"


def kinds(columns: Mapping[str, int], *, loss: bool) -> Kinds:
    """Return the best column of each kind: an epoch each before steps, validation before test."""

    def worth(column: str) -> tuple[bool, int, bool, int]:
        said = meaning(column)
        grain = GRAINS.index(said.grain)
        return columns[column] < 2, grain, said.part == "test", -columns[column]  # noqa: PLR2004

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
    train, val = asked.get("train"), asked.get("val")
    if train is None:
        train = both.training.get(meaning(str(val)).kind)
    elif val is None:
        val = both.validation.get(meaning(train).kind)
    if train == val:
        train, val = asked.get("train"), asked.get("val")
    return (train,) if train else (), (val,) if val else ()


def guessed(both: Kinds) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], str]:
    """Return the columns of the kinds of loss that come first in the order, and why they do."""
    common = [kind for kind in both.training if kind in both.validation]
    chosen, reason = first(common or list(both.training) or list(both.validation))
    training = tuple(both.training[kind] for kind in chosen if kind in both.training)
    validation = tuple(both.validation[kind] for kind in chosen if kind in both.validation)
    return (training, validation), reason


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
