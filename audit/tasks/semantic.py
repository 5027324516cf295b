"""Which class each pixel has: scored by the overlap of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.metrics.overlap import confusion, region
from audit.tasks.scores import MAIN
from audit.tasks.task import ScoreRow, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Prediction

PARTIAL = "the truth annotates only part of the objects, so false positives mean nothing"
EMPTY = "nothing there and nothing predicted"
ABSENT = "nothing there to be found"


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


def classes_of(sample: Sample, mask: Tensor) -> Tensor:
    """Return the classes (Y, X) themselves."""
    del sample
    return mask


def predicted(found: Prediction, known: Tensor) -> Tensor:
    """Return the predicted classes (Y, X) of one image."""
    del known
    return found.labels[0]


def score(found: Prediction, truth: Tensor, *, classes: int, complete: bool) -> Iterator[ScoreRow]:
    """Yield the overlap of predicted and true classes."""
    return overlap(confusion(found.labels[0], truth, classes), complete=complete)


SEMANTIC = Task(
    name="semantic",
    things="classes",
    main=MAIN["semantic"],
    truth=classes_of,
    seen=predicted,
    score=score,
)
