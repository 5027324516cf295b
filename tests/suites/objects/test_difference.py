"""Laws of objects.difference: what is still seen between two conditions, by truth and by model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suites.objects.difference import Difference, smallest
from suites.objects.measurements import Measurements
from tests.toys import held, raw_threshold, rows_of


def boxes(side: int, number: int, *, seen: int):
    """Return an image with one box of so many pixels a side, of which another size is seen."""
    truth = np.zeros((40, 40), np.int32)
    truth[4 : 4 + side, 4 : 4 + side] = 1
    bright = np.zeros((40, 40), bool)
    bright[4 : 4 + seen, 4 : 4 + seen] = True
    whole = held(f"{number}", np.where(bright, 180.0, 100.0)[None], truth)
    return replace(whole, instances=truth.copy)


SIDES = (10, 12, 14, 16, 18, 20)


@pytest.mark.parametrize(
    ("seen", "fidelity"), [(SIDES, 1.0), (tuple(side + 2 for side in SIDES), 1.0)]
)
def test_a_faithful_model_sees_what_truth_sees(seen, fidelity):
    """Where predicted means follow the true ones nothing more is needed, whatever the bias."""
    rows = rows_of_difference(seen)
    assert rows["fidelity"] == pytest.approx(fidelity, abs=0.01)
    assert rows["smallest_seen"] == pytest.approx(rows["smallest_true"], rel=0.01)
    assert rows["smallest_true"] == pytest.approx(smallest([side**2 for side in SIDES]))


def rows_of_difference(seen):
    """Return what objects.difference tells of areas."""
    images = tuple(
        boxes(side, number, seen=size)
        for number, (side, size) in enumerate(zip(SIDES, seen, strict=True))
    )
    rows = rows_of(Difference(), raw_threshold(), images, (Measurements(),), task="instance")
    return {row.metric: row.value for row in rows if row.at["property"] == "area"}


def test_errors_widen_what_is_needed_by_the_correlation():
    """Where predictions follow truth loosely, the difference grows by one over the correlation."""
    rows = rows_of_difference((12, 10, 16, 14, 20, 18))
    true, found = ([side**2 for side in sides] for sides in (SIDES, (12, 10, 16, 14, 20, 18)))
    same = np.corrcoef(true, found)[0, 1]
    assert rows["smallest_seen"] == pytest.approx(rows["smallest_true"] / same)


def test_a_model_that_sees_the_contrary_sees_nothing():
    """Where the truly large are predicted small there is no difference that would be seen."""
    rows = rows_of_difference(SIDES[::-1])
    assert rows["fidelity"] < 0
    assert rows["smallest_seen"] is None


def test_the_smallest_difference_is_seen_four_times_in_five():
    """A t test finds a true difference of just this size in about 80 of 100 repetitions."""
    from scipy.stats import ttest_ind

    generator = np.random.default_rng(3)
    many, spread, mean = 12, 2.0, 10.0
    exact = mean + spread * np.linspace(-1, 1, many) / np.std(np.linspace(-1, 1, many), ddof=1)
    gap = smallest(exact) * mean
    one, other = generator.normal(mean, spread, (2, 4000, many))
    found = ttest_ind(one, other + gap, axis=1).pvalue < 0.05
    assert found.mean() == pytest.approx(0.8, abs=0.02)


def test_a_relation_that_may_be_none_promises_nothing():
    """Where predictions follow truth no better than by chance, no difference is said to be seen."""
    rows = rows_of_difference((14, 10, 18, 12, 20, 16))
    assert 0 < rows["fidelity"] < 0.75
    assert rows["smallest_seen"] is None
