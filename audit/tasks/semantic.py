"""What one image scored, as rows: its overlap with the truth, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.measurement import Measurement, Scalar
from audit.metrics.overlap import region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.datasets.sample import Sample

PARTIAL = "the truth annotates only part of the objects, so false positives mean nothing"
EMPTY = "nothing there and nothing predicted"
ABSENT = "nothing there to be found"

Measured = tuple[str, "Sample", "Mapping[str, Scalar]"]
"""What a row is about: metric, sample, condition."""


def overlap(
    counts: list[list[int]], sample: Sample, at: Mapping[str, Scalar]
) -> Iterator[Measurement]:
    """Yield foreground IoU, Dice and recall; each class's IoU where there are more than two.

    Foreground is every class but the first. Where truth and prediction are both empty, IoU is
    undefined and a correct rejection is counted; where only truth is, IoU is 0.
    """
    whole = region(counts, range(1, len(counts)))
    iou = None if not sample.complete else whole.iou
    why = PARTIAL if not sample.complete else EMPTY
    yield measured(("iou", sample, at), iou, whole.union, why)
    dice = None if not sample.complete else whole.dice
    yield measured(("dice", sample, at), dice, whole.truth + whole.predicted, why)
    yield measured(("recall", sample, at), whole.recall, whole.truth, ABSENT)
    if sample.complete and not whole.truth:
        rejected = float(not whole.predicted)
        yield Measurement("correct_rejection", rejected, sample.id, at)
    for number in range(1, len(counts)) if len(counts) > 2 else ():  # noqa: PLR2004
        one = region(counts, range(number, number + 1))
        value = one.iou if sample.complete else None
        yield measured(("class_iou", sample, {**at, "class": number}), value, one.union, why)


def measured(about: Measured, value: float | None, weight: float, why: str) -> Measurement:
    """Return a row that is either a value, or undefined for the reason given."""
    metric, sample, at = about
    if value is None:
        return Measurement(metric, None, sample.id, at, 0.0, why)
    return Measurement(metric, value, sample.id, at, float(weight))
