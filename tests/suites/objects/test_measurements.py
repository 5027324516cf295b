"""Laws of objects.measurements: the mean over predicted objects against that over true ones."""

from __future__ import annotations

import numpy as np
import pytest

from suites.objects.measurements import Measurements
from tests.suites.objects.test_ledger import CELLS, sample
from tests.toys import raw_threshold, rows_of


def told(truth, seen):
    """Return what is measured on one image, by property and metric."""
    rows = rows_of(Measurements(), raw_threshold(), (sample(truth, seen),), task="instance")
    return {(row.at["property"], row.metric): row.value for row in rows}


def test_what_is_seen_as_it_is_has_no_excess():
    """Where objects are predicted as they are, no mean differs."""
    apart = np.where(np.isin(CELLS, (1, 3, 4)), CELLS, 0)
    found = told(apart, apart > 0)
    for name in ("area", "perimeter", "intensity"):
        assert found[name, "excess"] == pytest.approx(0)
        assert found[name, "true_mean"] == found[name, "predicted_mean"]


def test_a_merge_makes_objects_larger():
    """Four cells of 64 px, two of them seen as one: the mean of three is a third larger."""
    found = told(CELLS, CELLS > 0)
    assert found["area", "true_mean"] == 64
    assert found["area", "excess"] == pytest.approx(1 / 3)
    # Two of the four touch one another; of the three that are seen none does.
    assert found["neighbours", "true_mean"] == 0.5
    assert found["neighbours", "excess"] == -1


def test_nothing_predicted_has_no_mean():
    """Without a predicted object there is no mean, and the reason is told."""
    found = told(CELLS, CELLS > 9)
    assert found["area", "true_mean"] == 64
    assert found["area", "predicted_mean"] is found["area", "excess"] is None
