"""Laws of objects.counts: both numbers as they are, and the share by which they differ."""

from __future__ import annotations

import numpy as np
import pytest

from suites.objects.counts import Counts
from tests.suites.objects.test_ledger import CELLS, sample
from tests.toys import raw_threshold, rows_of


@pytest.mark.parametrize(
    ("seen", "counted"),
    [(CELLS > 0, 3), (CELLS > 2, 2), ((CELLS > 0) & (np.arange(40) % 3 > 0), 12)],
)
def test_the_excess_is_what_is_counted_beyond_the_truth(seen, counted):
    """Merged cells are counted too few, cut ones too many, as a share of the true four."""
    rows = rows_of(Counts(), raw_threshold(), (sample(CELLS, seen),), task="instance")
    value = {row.metric: row.value for row in rows}
    assert value["true_count"] == 4
    assert value["predicted_count"] == counted
    assert value["count_excess"] == (counted - 4) / 4


def test_nothing_to_count():
    """An image without objects has both numbers, and no share."""
    empty = np.zeros((40, 40), np.int32)
    rows = rows_of(Counts(), raw_threshold(), (sample(empty, empty > 0),), task="instance")
    value = {row.metric: row.value for row in rows}
    assert value == {"true_count": 0.0, "predicted_count": 0.0, "count_excess": None}
