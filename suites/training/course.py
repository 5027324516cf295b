"""Whether a curve still falls at its end, and how much lower training on would bring it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from audit.statistics.sequence import Slope, extrapolate, slope
from suites.training.trace import SURE, Trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

LATE, LATEST = 1 / 3, 5
"""A curve's end, for its slope: this share of its time, and no fewer points than this."""

FLAT = 1 / 6
"""The last third brought less than this share of the drop: half of what a straight fall brings."""

STRAIGHT = 1 / 3
"""The share of the drop that the last third of a straight fall brings."""

FIRST = 0.25
"""What is extrapolated from begins after this share of the time: two doublings of it are left."""


class Gain(NamedTuple):
    """How much lower training on would bring a loss, in its units, with the interval of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Course:
    """The end of one curve.

    `drop` is how far it fell from its first value, `slope` is that of its last third; `gain` how
    much lower training as long again would bring it, with its interval, in units of the loss.
    """

    trace: Trace
    drop: float
    slope: Slope
    gain: Gain

    @property
    def gain_share(self) -> float:
        """The gain as a share of the drop; 0 where the curve did not drop."""
        return self.gain.value / self.drop if self.drop > 0 else 0.0

    @property
    def falling(self) -> bool:
        """Whether the end falls beyond chance: as a straight line, or from level to level.

        A course that bends is no good line, however surely it falls.
        """
        straight = self.slope.value < min(0.0, -SURE * self.slope.error)
        return straight or late_fall(self.trace) > max(0.0, SURE * self.trace.error)

    @property
    def rising(self) -> bool:
        """Whether the end rises beyond chance."""
        return self.slope.value > max(0.0, SURE * self.slope.error)


def course(trace: Trace) -> Course | None:
    """Return the end of a curve; None where it has too few points for a slope and a forecast."""
    at, values = trace.at, trace.values
    trained = at - at[0] + np.median(np.diff(at))
    late = trained >= FIRST * trained[-1]
    if late.sum() < 2 * LATEST:
        return None
    last = trace.late(LATE)
    last[-LATEST:] = True
    return Course(
        trace=trace,
        drop=trace.start - trace.end,
        slope=slope(at[last], values[last]),
        gain=doubled(trained[late], values[late]),
    )


def doubled(trained: NDArray[np.float64], values: NDArray[np.float64]) -> Gain:
    """Return what twice the training would gain, from values at times since its beginning.

    Losses fall as a power of the time, which is an exponential in its logarithm; the interval holds
    that of an exponential in time as well, which comes to rest sooner. Source: Kaplan et al. 2020,
    arXiv:2001.08361, equation 1.6; Domhan et al. 2015 (IJCAI).
    """
    power = extrapolate(np.log(trained), values, float(np.log(2 * trained[-1])))
    decay = extrapolate(trained, values, float(2 * trained[-1]))
    ends = [one.now - end for one in (power, decay) for end in (one.low, one.high)]
    return Gain(power.now - power.value, min(ends), max(ends))


def rests(trace: Trace) -> bool | None:
    """Return whether a curve came to rest: its last third brought little of its fall.

    And surely less than a straight fall would; None where noise hides that. That it does not fall
    beyond chance is not enough.
    """
    drop, fall = trace.start - trace.low, late_fall(trace)
    if fall > FLAT * drop:
        return False
    return True if fall + trace.error < STRAIGHT * drop else None


def late_share(trace: Trace) -> float:
    """Return the part of a curve's drop that its last third brought; 0 where it did not drop.

    1/3 where it fell straight, 0 where it had come to rest before.
    """
    drop = trace.start - trace.end
    return late_fall(trace) / drop if drop > 0 else 0.0


def late_fall(trace: Trace) -> float:
    """Return how far the last third brought a curve down, from level to level."""
    third = trace.at[-1] - LATE * (trace.at[-1] - trace.at[0])
    return float(trace.around(third)) - trace.end
