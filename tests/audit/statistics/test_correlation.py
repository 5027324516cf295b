"""Laws of correlations: those of scipy, for every resampling at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.statistics.correlation import correlations, ranks


def test_ranks_share_ties():
    """Ranks are scipy's, ties included."""
    values = np.random.default_rng(0).integers(0, 5, 40).astype(float)

    assert ranks(values) == pytest.approx(stats.rankdata(values))


def test_each_row_counts_its_own_pairs():
    """A row of counts is a data set in which pairs are repeated as often."""
    stream = np.random.default_rng(1)
    first, second = stream.normal(0, 1, (2, 30))
    times = stream.integers(0, 4, (5, 30)).astype(float)

    found = correlations(first, second, times)

    for row, value in zip(times.astype(int), found, strict=True):
        expected = stats.pearsonr(first.repeat(row), second.repeat(row)).statistic
        assert value == pytest.approx(expected)


def test_what_does_not_vary_is_not_correlated():
    """A constant gives 0, never a division by nothing."""
    assert correlations(np.ones(9), np.arange(9.0), np.ones((1, 9))).tolist() == [0.0]
