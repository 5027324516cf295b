"""Laws of rates: exact, and checked against chi squared and the Poisson distribution."""

from __future__ import annotations

import pytest
from scipy import stats

from audit.statistics.rate import rate_doubt, rate_interval


@pytest.mark.parametrize("events", [0, 1, 7, 400])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_interval_is_that_of_chi_squared(events, level):
    """Garwood's ends are quantiles of chi squared, over twice the exposure."""
    low, high = rate_interval(events, 2.0, level)

    tail = (1 - level) / 2
    assert low == pytest.approx(stats.chi2.ppf(tail, 2 * events) / 4 if events else 0.0)
    assert high == pytest.approx(stats.chi2.isf(tail, 2 * events + 2) / 4)


@pytest.mark.parametrize(("events", "rate"), [(0, 3.0), (5, 2.0), (2, 9.0)])
def test_the_p_value_is_twice_the_smaller_tail(events, rate):
    """Either tail includes what was seen."""
    below, above = stats.poisson.cdf(events, rate), stats.poisson.sf(events - 1, rate)

    assert rate_doubt(events, 1.0, rate) == pytest.approx(min(1.0, 2 * min(below, above)))


def test_an_impossible_rate_is_impossible():
    """What never happens was not seen twice."""
    assert rate_doubt(2, 1.0, 0.0) == 0.0
    assert rate_doubt(0, 1.0, 0.0) == 1.0
