"""The objects of two label images of one field, and the pixels that each two of them share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from audit.errors import DataError, ModelError
from audit.meaning import IGNORE
from audit.metrics.runs import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Objects:
    """The objects of one label image: numbers, areas in px, and which touch the frame's edge.

    Numbers need not follow on one another, and the pixels of an object need not touch.
    """

    numbers: NDArray[np.int64]
    areas: NDArray[np.int64]
    at_edge: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return how many objects there are."""
        return len(self.numbers)


@dataclass(frozen=True, kw_only=True, eq=False)
class ObjectPairs:
    """Every true and every predicted object of one image, and what two of them share.

    `true_place`, `predicted_place` and `shared` (N,) hold, for each two objects that share a pixel,
    their places in `true` and `predicted` and how many pixels they share. What the truth ignores
    counts neither as area nor as shared; `ignored` (P,) is how much of each predicted object lies
    there.
    """

    true: Objects
    predicted: Objects
    true_place: NDArray[np.int64]
    predicted_place: NDArray[np.int64]
    shared: NDArray[np.int64]
    ignored: NDArray[np.int64]

    @cached_property
    def iou(self) -> NDArray[np.float64]:
        """Intersection over union (N,) of each two objects that share a pixel."""
        areas = self.true.areas[self.true_place] + self.predicted.areas[self.predicted_place]
        return self.shared / (areas - self.shared)

    @cached_property
    def unjudged(self) -> NDArray[np.bool_]:
        """Of which predicted objects (P,) more lies where nobody judged than where somebody did."""
        return self.ignored > self.predicted.areas

    def counted(self, places: NDArray[np.int64]) -> int:
        """Return how many predicted objects count, where the pairs at `places` are matched.

        One that is unmatched and unjudged is no error: Kirillov et al. 2019, arXiv:1801.00868.
        """
        dropped = self.unjudged.copy()
        dropped[self.predicted_place[places]] = False
        return len(self.predicted) - int(dropped.sum())

    def matched(self, least_iou: float) -> NDArray[np.int64]:
        """Return the places (in N) of the one-to-one pairs whose IoU is at least `least_iou`.

        As many pairs as can be had and, of equally many, those whose IoU is highest in sum: the
        assignment of StarDist's `matching`. Above an IoU of one half nothing is left to be
        assigned, since no object can have two such partners.
        """
        places = np.flatnonzero(self.iou >= least_iou)
        rows, columns = self.true_place[places], self.predicted_place[places]
        if unique(rows) and unique(columns):
            return places
        return places[assigned(rows, columns, self.iou[places])]


def pairs(truth: NDArray[np.integer], predicted: NDArray[np.integer]) -> ObjectPairs:
    """Return the objects of two label images (Y, X), background 0, and what they share.

    The truth may hold IGNORE where nobody judged. Raises DataError where the shapes differ or the
    truth holds another negative number, ModelError where the prediction holds a negative number.

    >>> found = pairs(np.array([[0, 5, 5, IGNORE]]), np.array([[2, 2, 2, 2]]))
    >>> found.true.numbers.tolist(), found.predicted.areas.tolist(), found.iou.tolist()
    ([5], [3], [0.6666666666666666])
    """
    check(truth, predicted)
    flat = truth.reshape(-1), predicted.reshape(-1)
    starts, lengths = runs(*flat)
    true_runs, predicted_runs = (line[starts].astype(np.int64) for line in flat)
    judged = true_runs != IGNORE
    true = objects(truth, true_runs, lengths)
    found = objects(predicted, predicted_runs, lengths * judged)
    both = (true_runs > 0) & (predicted_runs > 0)
    rows = np.searchsorted(true.numbers, true_runs[both])
    columns = np.searchsorted(found.numbers, predicted_runs[both])
    cells, place = np.unique(rows * max(1, len(found)) + columns, return_inverse=True)
    return ObjectPairs(
        true=true,
        predicted=found,
        true_place=cells // max(1, len(found)),
        predicted_place=cells % max(1, len(found)),
        shared=summed(place, lengths[both], len(cells)),
        ignored=objects(predicted, predicted_runs, lengths * ~judged).areas,
    )


def check(truth: NDArray[np.integer], predicted: NDArray[np.integer]) -> None:
    """Raise where two label images cannot be compared."""
    if truth.shape != predicted.shape:
        raise DataError(f"the truth is {truth.shape} px and the prediction {predicted.shape} px")
    if truth.min() < IGNORE:
        raise DataError(f"the truth holds object number {truth.min()}; they start at 1")
    if predicted.min() < 0:
        raise ModelError(f"the prediction holds object number {predicted.min()}; they start at 1")


def objects(
    labels: NDArray[np.integer], numbers: NDArray[np.int64], lengths: NDArray[np.int64]
) -> Objects:
    """Return the objects of a label image (Y, X) whose runs have these numbers and lengths."""
    found, place = np.unique(numbers, return_inverse=True)
    areas, there = summed(place, lengths, len(found)), found > 0
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return Objects(numbers=found[there], areas=areas[there], at_edge=np.isin(found[there], edge))


def summed(place: NDArray[np.intp], lengths: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    """Return the sum of the lengths at each of so many places."""
    return np.bincount(place, lengths, many).astype(np.int64)


def unique(places: NDArray[np.int64]) -> bool:
    """Return whether no place occurs twice."""
    return len(np.unique(places)) == len(places)


def assigned(
    rows: NDArray[np.int64], columns: NDArray[np.int64], iou: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return which of the pairs a best assignment takes: most pairs, then the highest IoU."""
    first, row = np.unique(rows, return_inverse=True)
    second, column = np.unique(columns, return_inverse=True)
    gain = np.zeros((len(first), len(second)))
    gain[row, column] = 1 + iou / (2 * min(gain.shape))
    taken = np.zeros_like(gain, bool)
    taken[linear_sum_assignment(gain, maximize=True)] = True
    return np.flatnonzero(taken[row, column])
