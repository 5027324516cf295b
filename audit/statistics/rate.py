"""Counts of rare events: how often they happen, and how sure one is of it."""

from __future__ import annotations

from scipy.special import gammainc, gammaincc, gammainccinv, gammaincinv


def rate_interval(events: float, exposure: float, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a Poisson rate, in events per unit of exposure.

    `events` at least 0, `exposure` above 0 in any unit (images, megapixels). Without any event the
    two-sided 95 % interval ends at 3.7 / exposure. Source: Garwood 1936,
    doi:10.1093/biomet/28.3-4.437.

    >>> [round(end, 2) for end in rate_interval(3, 1.0)]
    [0.62, 8.77]
    >>> round(rate_interval(0, 10.0)[1], 3)
    0.369
    """
    tail = (1 - level) / 2
    low = float(gammaincinv(events, tail)) if events else 0.0
    high = float(gammainccinv(events + 1, tail))
    return low / exposure, high / exposure


def rate_doubt(events: float, exposure: float, rate: float) -> float:
    """Return the two-sided p value of the hypothesis that events happen at a rate.

    >>> round(rate_doubt(0, 1.0, 3.0), 3)
    0.1
    """
    mean = rate * exposure
    if mean <= 0:
        return float(events == 0)
    above = float(gammainc(events, mean)) if events else 1.0
    below = float(gammaincc(events + 1, mean))
    return min(1.0, 2 * min(above, below))
