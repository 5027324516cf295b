"""Any text: lines that tell how far a training is, and its losses.

A key is a name and the kind of line that it stands in: `Loss` beside a learning rate is another
quantity than `Loss` beside a score, where each epoch has both. An epoch, else a step, begins a row;
of a quantity that is told again within a row the last value counts, and one that tells the whole
epoch goes before it. Of `Loss 0.61 (0.58)` the mean in brackets is read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from audit.images.headers import plain
from audit.logs.column import meaning
from audit.logs.commas import pointed
from audit.logs.log import Notice
from audit.logs.said import read_line
from audit.logs.sheet import FoundLog, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audit.logs.column import Part
    from audit.logs.said import Line, Named
    from audit.logs.sheet import Row

FREE = "text log"
FEWEST = 2
LONGEST = 1000
"""Of a longer line only so many letters are looked at: logs that people read have none."""

STEERED = frozenset({"lr", "eta", "iter", "iters", "iteration", "step", "batch", "learning"})
"""Words that only lines of the training have."""

SCORES = frozenset(
    {"iou", "miou", "iu", "miu", "dice", "acc", "accuracy", "map", "precision", "recall", "psnr"}
    | {"ssim", "auc", "score", "best", "kappa", "hd"}
)
"""Words that lines of a validation have."""

TOGETHER = 0.5
"""Kinds of line that share so many of their rows are two; with fewer they are one that varies."""

COUNTED = frozenset({"epoch", "step"})

PREFIX: dict[Part, str] = {"training": "train", "validation": "val", "test": "test"}

Key = tuple["Part | None", str]
"""The part of the data that is said of a quantity, and its name in small letters."""


@dataclass(frozen=True, kw_only=True)
class PlacedLine:
    """A line with the number of its row, and the part that a heading above it names."""

    row: int
    line: Line
    section: Part | None

    def key(self, one: Named) -> Key:
        """Return what a quantity of this line is called, and of which part it is."""
        return one.part or self.section, one.name.lower()


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What a quantity is called in the kinds of line that mean it, and what is to be told of it."""

    names: Mapping[frozenset[str], str]
    notice: Notice


def read_free(text: str) -> FoundLog | None:
    """Return the sheet of any text; None where it tells no two rows with a loss."""
    short = "\n".join(line[:LONGEST] for line in text.splitlines())
    lines = [read_line(line) for line in pointed(short).split("\n")]
    main = counter_of(lines)
    placed = list(in_rows(lines, main))
    meant = dict(told_apart(placed))
    inner = dict(bracketed(placed, meant))
    rows, again = filled(placed, main, meant, inner)
    kept = [row for row in rows if main in row and any(meaning(key).loss for key in row)]
    notices = [*(one.notice for one in meant.values()), *inner.values()]
    often = frozenset(name for name, number in again.items() if number >= TOGETHER * len(kept))
    sheet = Sheet(rows=kept, notices=tuple(notices), again=often)
    return FoundLog(format=FREE, sheets=(sheet,)) if len(kept) >= FEWEST else None


def filled(
    placed: Sequence[PlacedLine],
    main: Literal["epoch", "step"],
    meant: Mapping[Key, Meant],
    inner: Mapping[str, Notice],
) -> tuple[Sequence[Row], Counter[str]]:
    """Return the rows of lines, and how often each column was told again within one."""
    rows: dict[int, dict[str, float]] = {}
    again: Counter[str] = Counter()
    for one in placed:
        row = rows.setdefault(one.row, {})
        if main in one.line.counted and counts(one.line):
            row[main] = one.line.counted[main]
        for each in one.line.quantities:
            name = column(one, each, meant)
            again[name] += name in row
            mean = each.inner if name in inner and inner[name].kind == "taken" else None
            row[name] = each.value if mean is None else mean
    return list(rows.values()), again


def bracketed(
    placed: Sequence[PlacedLine], meant: Mapping[Key, Meant]
) -> Iterator[tuple[str, Notice]]:
    """Yield each loss with a further number in brackets, and whether that is its mean.

    It is the mean so far, as of `Loss 0.61 (0.58)`, unless it always is the lowest so far.
    """
    found: dict[str, list[Named]] = {}
    for one in placed:
        for each in one.line.quantities:
            if each.inner is not None and meaning(each.name).loss:
                found.setdefault(column(one, each, meant), []).append(each)
    for name, told in found.items():
        lowest = list(accumulate((one.value for one in told), min))
        if len(told) >= FEWEST and lowest == [one.inner for one in told]:
            text = f"behind `{plain(name)}` its lowest value so far stands in brackets"
            yield name, Notice("left out", text)
        else:
            text = f"of `{plain(name)}` the number in brackets is taken, its mean so far"
            yield name, Notice("taken", text)


def counter_of(lines: Sequence[Line]) -> Literal["epoch", "step"]:
    """Return what is counted: epochs where there are several, else steps."""
    epochs = {line.counted["epoch"] for line in lines if "epoch" in line.counted}
    return "epoch" if len(epochs) >= FEWEST else "step"


def counts(line: Line) -> bool:
    """Return whether a line counts the training, and not the images of a validation."""
    return line.of in (None, "training") or "epoch" in line.counted


def in_rows(lines: Sequence[Line], main: Literal["epoch", "step"]) -> Iterator[PlacedLine]:
    """Yield lines with the number of their row: that of the count before them.

    In a log that begins with a loss and ends with a count, counts end their rows instead.
    """
    row, at, section = 0, None, None
    closing = ends_rows(lines, main)
    for line in lines:
        begins = main in line.counted and counts(line) and line.counted[main] != at
        if begins:
            row, at, section = row + (not closing), line.counted[main], None
        section = line.section or section
        yield PlacedLine(row=row, line=line, section=section)
        row += begins and closing


def ends_rows(lines: Sequence[Line], main: Literal["epoch", "step"]) -> bool:
    """Say whether losses stand before the first count, and none with or after the last."""
    counted = [place for place, line in enumerate(lines) if main in line.counted and counts(line)]
    if not counted:
        return False
    before, after = lines[: counted[0]], lines[counted[-1] :]
    return tells_loss(before) and not tells_loss(after)


def tells_loss(lines: Sequence[Line]) -> bool:
    """Say whether any line tells a loss."""
    return any(meaning(one.name).loss for line in lines for one in line.quantities)


def column(one: PlacedLine, each: Named, meant: Mapping[Key, Meant]) -> str:
    """Return the column of a quantity: its name, with the part that is said before it."""
    if found := meant.get(one.key(each)):
        return found.names[one.line.kind]
    part, _ = one.key(each)
    return each.name if part is None or meaning(each.name).part else f"{PREFIX[part]} {each.name}"


def told_apart(placed: Sequence[PlacedLine]) -> Iterator[tuple[Key, Meant]]:
    """Yield each loss that stands in several kinds of line of one row, with a name for each."""
    seen: dict[Key, dict[frozenset[str], set[int]]] = {}
    names: dict[Key, str] = {}
    for one in placed:
        for each in one.line.quantities:
            said = meaning(each.name)
            if said.loss and said.part is None:
                kinds = seen.setdefault(one.key(each), {})
                kinds.setdefault(one.line.kind, set()).add(one.row)
                names.setdefault(one.key(each), each.name)
    for key, kinds in seen.items():
        groups = grouped(kinds)
        if len(groups) > 1:
            yield key, named(key[0], names[key], groups)


def grouped(kinds: Mapping[frozenset[str], set[int]]) -> list[list[frozenset[str]]]:
    """Return kinds of line by the statement that they are, the commonest first.

    Kinds that hardly ever share a row are one statement, to which now and then something is added.
    """
    found: list[tuple[list[frozenset[str]], set[int]]] = []
    for kind, rows in sorted(kinds.items(), key=lambda one: -len(one[1])):
        alike = (one for one in found if same(kind, rows, *one))
        group, there = next(alike, ([], set()))
        if not group:
            found.append((group, there))
        group.append(kind)
        there.update(rows)
    return [group for group, _ in found]


def same(
    kind: frozenset[str], rows: set[int], group: Sequence[frozenset[str]], there: set[int]
) -> bool:
    """Return whether a kind of line is a statement that others make.

    A progress bar says what its last line says, which adds something to it.
    """
    grown = any((kind < one or one < kind) and (kind ^ one) - COUNTED for one in group)
    return grown or len(rows & there) < TOGETHER * len(rows)


def named(part: Part | None, name: str, groups: Sequence[Sequence[frozenset[str]]]) -> Meant:
    """Return a name for each statement: of the training, of the validation, or by number."""
    sides = [side(group) for group in groups]
    if part is None and sorted(sides) == ["training", "validation"]:
        chosen = [f"{PREFIX[one]} {name}" for one in sides if one]
        told = " and ".join(
            f"beside {telling(group, name)} of the {one}"
            for one, group in sorted(zip(sides, groups, strict=True), key=lambda both: both[0])
        )
        notice = Notice("taken", f"`{plain(name)}` is taken for two quantities: {told}")
    else:
        first = name if part is None else f"{PREFIX[part]} {name}"
        chosen = [first, *(f"{first} ({number})" for number in range(2, len(groups) + 1))]
        text = f"`{plain(name)}` stands in {len(groups)} kinds of line; the commonest is taken"
        notice = Notice("left out", f"{text}, --map takes another")
    names = {kind: one for one, group in zip(chosen, groups, strict=True) for kind in group}
    return Meant(names=names, notice=notice)


def side(group: Sequence[frozenset[str]]) -> Literal["training", "validation", ""]:
    """Return of which part a statement is, by what stands beside the loss; "" where that is open.

    >>> side([frozenset({"loss", "lr"})]), side([frozenset({"loss", "miou"})])
    ('training', 'validation')
    """
    said = {word for kind in group for name in kind for word in words_of(name)}
    if said & STEERED:
        return "training"
    return "validation" if said & SCORES else ""


def words_of(name: str) -> set[str]:
    """Return the words of a name; those of a score that is a mean without its prefix, too.

    >>> sorted(words_of("meaniu")), sorted(words_of("best_miou"))
    (['iu', 'meaniu'], ['best', 'miou'])
    """
    parts = set(re.findall(r"[a-z]+", name))
    return parts | {part.removeprefix("mean") for part in parts if part.startswith("mean")}


def telling(group: Sequence[frozenset[str]], name: str) -> str:
    """Return what stands beside a loss in a statement, in its own words."""
    beside = sorted({one for kind in group for one in kind if one != name.lower()})
    return ", ".join(f"`{plain(one)}`" for one in beside[:FEWEST]) or "nothing"
