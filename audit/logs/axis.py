"""The places of a log: epochs where each has one value, else steps, else row numbers."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 (a dataclass field)
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Literal

from audit.logs.column import meaning
from audit.logs.log import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.logs.sheet import Row, Sheet

MOST_REPEATED = 0.1
"""The share of values that may follow another of the same epoch: beyond it, steps were logged."""

LEAST_PLACED = 0.9
"""The share of values of a loss that must have an epoch beside them."""

SHUFFLED = 0.25
"""Where more than this share of places go back, and none occurs twice, rows are out of order.

So they are, however few go back, where all places together are an even count.
"""

Place = tuple[float, "Row"]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The rows of a sheet with the place of each along the training."""

    counts: Literal["epoch", "step"]
    column: str | None
    places: Sequence[Place]
    notices: tuple[Notice, ...]


def along(sheet: Sheet, main: Sequence[str], asked: Mapping[str, str]) -> Axis:
    """Return the rows of a sheet along epochs or steps, by where its main columns have values."""
    counts, column, notice = counting(sheet, main, asked)
    if column is None:
        places = [(float(number), row) for number, row in enumerate(sheet.rows)]
    else:
        places = placed(sheet, main, column)
    notices = [notice, *unplaced(sheet, main, column)]
    if is_unordered([at for at, row in places if any(name in row for name in main)]):
        places.sort(key=lambda place: place[0])
        text = f"rows stood in no order of the {counts}, and were sorted by it"
        notices.append(Notice("unordered", text))
    return Axis(counts=counts, column=column, places=places, notices=tuple(notices))


def placed(sheet: Sheet, main: Sequence[str], column: str) -> list[Place]:
    """Return the rows that have a place, which must be finite.

    Lightning logs learning rates with a step only, before the rows of their epoch: where a log has
    steps, a row without a loss takes the place of the next row. A loss is never placed so.
    """
    places: list[Place] = []
    following = None
    beside_steps = best_counter(sheet, main, "step") is not None
    for row in reversed(sheet.rows):
        at = row.get(column)
        if at is None and beside_steps and not any(name in row for name in main):
            at = following
        if at is not None and isfinite(at):
            places.append((at, row))
            following = at
    return places[::-1]


def unplaced(sheet: Sheet, main: Sequence[str], column: str | None) -> Iterator[Notice]:
    """Yield how many losses have no place beside them."""
    rows = [row for row in sheet.rows if any(name in row for name in main)]
    lost = sum(column not in row for row in rows) if column else 0
    if lost:
        text = f"{lost} of {len(rows)} losses have no `{column}` beside them, and were left out"
        yield Notice("blank", text)


def counting(
    sheet: Sheet, main: Sequence[str], asked: Mapping[str, str]
) -> tuple[Literal["epoch", "step"], str | None, Notice]:
    """Return what is counted, in which column (None for the rows themselves), and why."""
    if "epoch" in asked:
        return "epoch", asked["epoch"], Notice("taken", f"epochs are `{asked['epoch']}`: as mapped")
    epoch, step = (best_counter(sheet, main, what) for what in ("epoch", "step"))
    if epoch and (not step or is_epochwise(sheet, main, epoch) or restarts(sheet, epoch, step)):
        return "epoch", epoch, Notice("taken", f"places are epochs, `{epoch}`")
    if step:
        return "step", step, Notice("taken", f"places are steps, `{step}`")
    return "epoch", None, Notice("taken", "places are rows, counted from 0: there is no epoch")


def best_counter(sheet: Sheet, main: Sequence[str], what: str) -> str | None:
    """Return the column that counts epochs or steps beside most values of the losses."""
    beside = {
        column: sum(column in row for row in sheet.rows if any(name in row for name in main))
        for column in sheet.columns
        if meaning(column).counts == what and column not in main
    }
    best = max(beside, key=lambda column: beside[column], default=None)
    return best if best is not None and beside[best] else None


def is_epochwise(sheet: Sheet, main: Sequence[str], epoch: str) -> bool:
    """Say whether nearly every value of the first loss has a whole epoch of its own."""
    rows = [row for row in sheet.rows if main[0] in row]
    found = [row[epoch] for row in rows if epoch in row]
    repeated = sum(one == other for one, other in pairwise(found))
    whole = all(at.is_integer() for at in found)
    return whole and len(found) >= LEAST_PLACED * len(rows) and repeated <= share(len(found))


def restarts(sheet: Sheet, epoch: str, step: str) -> bool:
    """Say whether steps are counted anew in nearly every epoch: they are places in it alone."""
    found = [(row[epoch], row[step]) for row in sheet.rows if epoch in row and step in row]
    turns = [now[1] <= then[1] for then, now in pairwise(found) if now[0] > then[0]]
    return bool(turns) and sum(turns) >= LEAST_PLACED * len(turns)


def share(number: int) -> float:
    """Return how many of so many values may repeat an epoch."""
    return MOST_REPEATED * number


def is_unordered(places: Sequence[float]) -> bool:
    """Say whether places are all different and go back often, or fill an even count: shuffled."""
    back = sum(later < one for one, later in pairwise(places))
    if not back or len(set(places)) < len(places):
        return False
    even = len({later - one for one, later in pairwise(sorted(places))}) == 1
    return even or back > SHUFFLED * len(places)
