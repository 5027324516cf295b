"""What a curve does after its lowest level: how far it rises, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.sequence import slope
from suites.training.trace import MEDIAN_ERROR, SHORT, SURE

if TYPE_CHECKING:
    from suites.training.trace import Trace

STAYS = 1 / 3
"""A rise that holds through this share of the time up to the end is no passing wave."""

MOST = 0.5
"""It holds where no level falls back below this share of it."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A curve after its lowest level, in units of the loss.

    `rise` is how far its end lies above that level, `drift` how far a straight line through all
    that comes after it rises, 0 where it does not surely.
    """

    trace: Trace
    rise: float
    drift: float

    @property
    def sure(self) -> bool:
        """Whether the end lies above the lowest level beyond noise.

        Noise that wanders may lie there by chance, unless it stays: then only the scatter of single
        values is in doubt.
        """
        white = 2**0.5 * MEDIAN_ERROR * self.trace.sigma / self.trace.tail**0.5
        return self.rise > SURE * (white if self.stays else self.trace.error)

    @property
    def stays(self) -> bool:
        """Whether the curve stays above its lowest level by most of the rise, up to its end."""
        trace = self.trace
        late = trace.levels[trace.late(STAYS)]
        return bool(len(late) >= trace.tail and late.min() - trace.low > MOST * self.rise)


def turn(trace: Trace) -> Turn:
    """Return what a curve does after its lowest level."""
    return Turn(trace=trace, rise=trace.end - trace.low, drift=drift(trace))


def drift(trace: Trace) -> float:
    """Return how far a straight line rises from the lowest level to the end; 0 where not surely.

    The values that made the lowest level are left out: they are low because they were chosen.
    """
    after = slice(trace.bottom + trace.tail // 2 + 1, None)
    at, values = trace.at[after], trace.values[after]
    if len(at) < SHORT:
        return 0.0
    line = slope(at, values)
    sure = line.value > SURE * line.error
    return float(np.ptp(at)) * line.value if sure else 0.0
