"""What one image scored: its overlap with the truth, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audit.metrics.overlap import region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PARTIAL = "the truth annotates only part of the objects, so false positives mean nothing"
EMPTY = "nothing there and nothing predicted"
ABSENT = "nothing there to be found"


class ScoreRow(NamedTuple):
    """A number, or why there is none; what it is divided by, and the class that it is about."""

    metric: str
    value: float | None
    weight: float
    why: str | None = None
    at: Mapping[str, int] = {}


def overlap(counts: list[list[int]], *, complete: bool) -> Iterator[ScoreRow]:
    """Yield foreground IoU, Dice and recall; each class's IoU where there are more than two.

    Foreground is every class but the first. Where truth and prediction are both empty, IoU is
    undefined and a correct rejection is counted; where only truth is, IoU is 0. Where the truth is
    not complete only recall means something.
    """
    whole = region(counts, range(1, len(counts)))
    why = EMPTY if complete else PARTIAL
    yield ScoreRow("iou", whole.iou if complete else None, whole.union, why)
    size = whole.truth + whole.predicted
    yield ScoreRow("dice", whole.dice if complete else None, size, why)
    yield ScoreRow("recall", whole.recall, whole.truth, ABSENT)
    if complete and not whole.truth:
        yield ScoreRow("correct_rejection", float(not whole.predicted), 1.0)
    for number in range(1, len(counts)) if len(counts) > 2 else ():  # noqa: PLR2004
        one = region(counts, range(number, number + 1))
        value = one.iou if complete else None
        yield ScoreRow("class_iou", value, one.union, why, {"class": number})
