"""Controls of shift.bleaching: raw intensities fade below a threshold, normalised ones do not."""

from __future__ import annotations

import pytest

from audit.errors import UsageError
from suites.shift.bleaching import Bleaching, remaining
from tests.toys import mean_of, raw_threshold, rows_of, zscore_threshold


@pytest.fixture(scope="module")
def raw():
    """Return the rows of a model that trusts raw intensities."""
    return rows_of(Bleaching(), raw_threshold())


def test_a_raw_threshold_breaks(raw):
    """Positive control: at half the signal every object lies below the level."""
    assert mean_of(raw, along="time", percent=25.0) > 0.9
    assert mean_of(raw, along="time", percent=90.0) == 0.0


def test_depth_loses_the_far_end_first(raw):
    """Positive control: the first rows keep their signal, so that part of the objects is found."""
    assert 0.2 < mean_of(raw, along="depth", percent=90.0) < 0.6


def test_a_normalising_model_holds():
    """Negative control: a field that fades alike is the same field with less contrast."""
    rows = rows_of(Bleaching(), zscore_threshold())
    assert mean_of(rows, along="time", percent=25.0) > 0.99
    assert mean_of(rows, along="time", percent=90.0) > 0.95
    assert mean_of(rows, along="depth", percent=25.0) > 0.99


def test_the_signal_decays_exponentially_with_depth():
    """Equal steps in depth lose equal shares, and all rows lose alike in time."""
    left = remaining(90.0, "depth", 11).flatten()
    assert float(left[0]) == 1.0
    assert float(left[-1]) == pytest.approx(0.1)
    ratios = (left[1:] / left[:-1]).tolist()
    assert ratios == pytest.approx([ratios[0]] * 10)
    assert remaining(90.0, "time", 4).flatten().tolist() == pytest.approx([0.1] * 4)


def test_a_signal_cannot_bleach_away():
    """100 % leaves nothing to segment, and is refused by name."""
    with pytest.raises(UsageError, match=r"shift\.bleaching\.percent"):
        Bleaching(percent=(100.0,))
