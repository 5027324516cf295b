"""Laws of shares of a count: their intervals are those of scipy, and cover what they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from audit.statistics.share import share_interval, wilson_interval

COUNTS = [(0, 1), (1, 1), (0, 5), (3, 7), (9, 9), (40, 1000)]


@pytest.mark.parametrize(("hits", "trials"), COUNTS)
@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize(
    ("interval", "method"), [(share_interval, "exact"), (wilson_interval, "wilson")]
)
def test_intervals_are_those_of_scipy(interval, method, hits, trials, level):
    """Exact and score intervals agree with scipy's own binomial test."""
    known = binomtest(hits, trials).proportion_ci(level, method)
    assert interval(hits, trials, level) == pytest.approx((known.low, known.high), abs=1e-12)


def test_the_score_interval_covers_as_often_as_it_says():
    """Averaged over probabilities, 95 % intervals of ten trials hold the truth in 94 to 97 %."""
    ends = [wilson_interval(hits, 10) for hits in range(11)]
    covered = [
        sum(binom.pmf(hits, 10, p) for hits, (low, high) in enumerate(ends) if low <= p <= high)
        for p in np.linspace(0.01, 0.99, 99)
    ]
    assert 0.94 < np.mean(covered) < 0.97
