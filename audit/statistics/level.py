"""Levels, which are estimated by their logarithm."""

from __future__ import annotations

import math
from dataclasses import dataclass

from audit.statistics.estimate import Estimate

FAR = 50.0
"""Larger logarithms are cut to this, so that levels stay finite."""


@dataclass(frozen=True, kw_only=True)
class Level(Estimate):
    """A positive amount, or a factor, known by its logarithm: it is never below 0.

    Its interval is symmetric in the logarithm: the same factor up and down.
    """

    logarithm: Estimate

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Return the two-sided interval at a level; None where the data allow none."""
        found = self.logarithm.interval(level)
        return None if found is None else (raised(found[0]), raised(found[1]))

    def doubt(self, bound: float) -> float:
        """Return the two-sided p value of the hypothesis that the truth is the bound."""
        return self.logarithm.doubt(math.log(bound)) if bound > 0 else 0.0

    def detectable(self, alpha: float) -> float | None:
        """Return the factor that a test at level alpha detects with 80 % power, or None."""
        found = self.logarithm.detectable(alpha)
        return None if found is None else raised(found)


def leveled(logarithm: Estimate) -> Level:
    """Return the estimate of a level from that of its natural logarithm.

    >>> low, high = leveled(Estimate(value=0.0, n=3, groups=3, method="", error=0.1)).interval()
    >>> round(low * high, 6)
    1.0
    """
    return Level(
        value=raised(logarithm.value),
        n=logarithm.n,
        groups=logarithm.groups,
        method=logarithm.method,
        error=logarithm.deviation,
        freedom=logarithm.known,
        unit=logarithm.unit,
        logarithm=logarithm,
    )


def raised(logarithm: float) -> float:
    """Return the amount of which this is the logarithm, as far as numbers go."""
    return math.exp(min(logarithm, FAR))
