"""Whether a curve still falls at its end, and how much lower training on would bring it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from audit.statistics.sequence import Slope, extrapolate, slope
from suites.training.trace import Trace  # noqa: TC001 (a dataclass field)

LATE, LATEST = 1 / 3, 5
"""A curve's end, for its slope: this share of its time, and no fewer points than this."""

SIGNIFICANT = 3.0
"""A slope is one from this many standard errors on."""

HALF = 0.5
"""What is extrapolated from: the later half, which the first steps of training do not bend."""


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
    def falling(self) -> bool:
        """Whether the end falls beyond chance."""
        return self.slope.value < min(0.0, -SIGNIFICANT * self.slope.error)

    @property
    def rising(self) -> bool:
        """Whether the end rises beyond chance."""
        return self.slope.value > max(0.0, SIGNIFICANT * self.slope.error)


def course(trace: Trace) -> Course | None:
    """Return the end of a curve; None where it has too few points for a slope and a forecast."""
    late = trace.late(HALF)
    if late.sum() < 2 * LATEST:
        return None
    last = trace.late(LATE)
    last[-LATEST:] = True
    at, values = trace.at, trace.values
    span = float(at[-1] - at[0])
    ahead = extrapolate(at[late], values[late], float(at[-1]) + span)
    drop = trace.start - trace.end
    return Course(
        trace=trace,
        drop=drop,
        slope=slope(at[last], values[last]),
        gain=Gain(ahead.now - ahead.value, ahead.now - ahead.high, ahead.now - ahead.low),
    )


def late_share(trace: Trace) -> float:
    """Return the part of a curve's drop that its last third brought; 0 where it did not drop.

    1/3 where it fell straight, 0 where it had come to rest before.
    """
    drop = trace.start - trace.end
    third = trace.at[-1] - (trace.at[-1] - trace.at[0]) / 3
    fell = float(trace.around(third)) - trace.end
    return fell / drop if drop > 0 else 0.0
