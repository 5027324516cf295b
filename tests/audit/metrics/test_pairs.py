"""Laws of pairs: areas, shared pixels and matches, against counting pixel by pixel."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from audit.errors import DataError, ModelError
from audit.meaning import IGNORE
from audit.metrics.pairs import pairs

SEEDS = range(60)


def patches(stream, many: int, side: int = 20):
    """Return a label image of overlapping rectangles whose numbers have gaps and repeat."""
    labels = np.zeros((side, side), np.int64)
    for _ in range(many):
        (y, x), (height, width) = stream.integers(0, side, 2), stream.integers(2, 9, 2)
        labels[y : y + height, x : x + width] = stream.integers(1, 40)
    return labels


def two(seed: int, many: int = 7):
    """Return two label images that have something to do with each other."""
    stream = np.random.default_rng(seed)
    truth = patches(stream, many)
    moved = np.roll(truth, stream.integers(-2, 3, 2), (0, 1))
    return truth, np.where(patches(stream, 2) > 0, patches(stream, many), moved)


@pytest.mark.parametrize("seed", SEEDS)
def test_pixels_are_counted(seed):
    """Areas and shared pixels are those that a loop over all pairs of numbers counts."""
    truth, predicted = two(seed)
    truth[:3, :5] = IGNORE
    found, judged = pairs(truth, predicted), truth != IGNORE
    numbers = sorted(set(truth[truth > 0].tolist()))
    assert found.true.numbers.tolist() == numbers
    assert found.true.areas.tolist() == [(truth == number).sum() for number in numbers]
    of = {(a, b): n for a, b, n in named(found)}
    for number, area, ignored in zip(
        found.predicted.numbers, found.predicted.areas, found.ignored, strict=True
    ):
        assert area == ((predicted == number) & judged).sum()
        assert ignored == ((predicted == number) & ~judged).sum()
        for other in numbers:
            shared = ((predicted == number) & (truth == other)).sum()
            assert of.get((other, number), 0) == shared


def named(found):
    """Return each pair as the number of the true one, of the predicted one, and shared pixels."""
    return zip(
        found.true.numbers[found.true_place].tolist(),
        found.predicted.numbers[found.predicted_place].tolist(),
        found.shared.tolist(),
        strict=True,
    )


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("least_iou", [0.2, 0.5, 0.7])
def test_matches_are_the_best_assignment(seed, least_iou):
    """No other one-to-one assignment has more matches, or as many of a higher IoU in sum."""
    truth, predicted = two(seed, 3)
    found = pairs(truth, predicted)
    table = np.zeros((len(found.true), len(found.predicted)))
    table[found.true_place, found.predicted_place] = found.iou
    table = table if table.shape[0] <= table.shape[1] else table.T
    best = (0, 0.0)
    for columns in permutations(range(table.shape[1]), table.shape[0]):
        chosen = table[np.arange(len(columns)), columns]
        chosen = chosen[chosen >= least_iou]
        best = max(best, (len(chosen), round(float(chosen.sum()), 9)))
    places = found.matched(least_iou)
    assert (len(places), round(float(found.iou[places].sum()), 9)) == best


def test_the_frame_cuts():
    """An object that has a pixel on the outermost row or column is at the edge, another is not."""
    truth = np.zeros((9, 9), int)
    truth[3:5, 3:5], truth[:2, 4], truth[6, 8] = 2, 5, 9
    assert pairs(truth, truth).true.at_edge.tolist() == [False, True, True]


def test_nothing_is_something():
    """Label images without objects have none, and share nothing."""
    empty, one = np.zeros((4, 4), int), np.ones((4, 4), int)
    for truth, predicted in ((empty, empty), (empty, one), (one, empty)):
        found = pairs(truth, predicted)
        assert (len(found.true), len(found.predicted)) == (truth.max(), predicted.max())
        assert len(found.shared) == len(found.matched(0.5)) == 0


@pytest.mark.parametrize(
    ("truth", "predicted", "error", "says"),
    [
        (np.zeros((2, 3), int), np.zeros((2, 2), int), DataError, "(2, 3)"),
        (np.full((2, 2), -4), np.zeros((2, 2), int), DataError, "-4"),
        (np.zeros((2, 2), int), np.full((2, 2), -1), ModelError, "-1"),
    ],
)
def test_what_cannot_be_compared_is_refused(truth, predicted, error, says):
    """Other sizes and negative numbers are an error that shows them."""
    with pytest.raises(error, match=says.replace("(", r"\(").replace(")", r"\)")):
        pairs(truth, predicted)
