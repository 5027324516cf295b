"""How well predicted and true regions overlap, from one confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from audit.errors import DataError, ModelError
from audit.meaning import IGNORE

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Overlap:
    """Pixel counts of one region in truth and prediction.

    Jaccard index (IoU) and Dice coefficient are ratios of these counts, in 0..1; both are
    undefined, None, where there is neither truth nor prediction. Source: Taha and Hanbury 2015,
    doi:10.1186/s12880-015-0068-x.

    >>> Overlap(intersection=3, truth=4, predicted=5).iou
    0.5
    >>> Overlap(intersection=0, truth=0, predicted=0).iou is None
    True
    """

    intersection: int
    truth: int
    predicted: int

    @property
    def union(self) -> int:
        """Pixels in truth, prediction or both."""
        return self.truth + self.predicted - self.intersection

    @property
    def iou(self) -> float | None:
        """Intersection over union."""
        return self.intersection / self.union if self.union else None

    @property
    def dice(self) -> float | None:
        """Twice the intersection over the sum of both areas."""
        total = self.truth + self.predicted
        return 2 * self.intersection / total if total else None

    @property
    def recall(self) -> float | None:
        """Share of the true pixels that were predicted."""
        return self.intersection / self.truth if self.truth else None


def confusion(predicted: Tensor, truth: Tensor, classes: int) -> list[list[int]]:
    """Return the (K, K) confusion counts, truth in rows, of class numbers (Y, X) below K.

    Pixels that the truth ignores are not counted. Raises DataError where the truth holds another
    class, ModelError where the prediction does.

    >>> confusion(torch.tensor([[0, 1]]), torch.tensor([[1, 1]]), 2)
    [[0, 0], [1, 1]]
    >>> confusion(torch.tensor([[0, 1]]), torch.tensor([[IGNORE, 1]]), 2)
    [[0, 0], [0, 1]]
    """
    check_classes(truth, classes)
    if strange := stranger(predicted, classes):
        raise ModelError(f"the prediction holds {strange}")
    # What is ignored falls into a row of its own, which is dropped: cheaper than choosing pixels.
    pairs = (truth - IGNORE).reshape(-1) * classes + predicted.reshape(-1)
    rows = torch.bincount(pairs, minlength=classes * (classes + 1)).reshape(-1, classes)
    counts: list[list[int]] = rows[1:].tolist()
    return counts


def check_classes(truth: Tensor, classes: int) -> None:
    """Raise DataError where the truth holds a class that a model of so many classes has not.

    What it ignores is no class.
    """
    if strange := stranger(truth, classes, lowest=IGNORE):
        raise DataError(f"the mask holds {strange}")


def stranger(labels: Tensor, classes: int, lowest: int = 0) -> str:
    """Return which class number is not below K, in words; nothing where all are."""
    low, high = (int(end) for end in labels.aminmax())
    if low >= lowest and high < classes:
        return ""
    return f"class {low if low < lowest else high}, the model has classes 0 to {classes - 1}"


def region(counts: list[list[int]], member: range) -> Overlap:
    """Return the overlap of the union of some classes, from confusion counts.

    >>> region([[5, 1], [2, 8]], range(1, 2)).iou
    0.7272727272727273
    """
    inside = sum(counts[true][guess] for true in member for guess in member)
    truth = sum(sum(counts[true]) for true in member)
    predicted = sum(row[guess] for row in counts for guess in member)
    return Overlap(intersection=inside, truth=truth, predicted=predicted)
