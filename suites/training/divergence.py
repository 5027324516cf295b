"""How far validation parts from training: by a rise, or by a gap that opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.sequence import Slope, slope
from suites.training.trace import LATER, SURE
from suites.training.turn import turn

if TYPE_CHECKING:
    from suites.training.reading import Reading
    from suites.training.trace import Trace
    from suites.training.turn import Turn

RISE = 0.1
"""A rise is more than this share of the height: less is hardly seen in a plot."""

SEEN = 0.03
"""And more than this share of the whole height, the first drop included."""

WIDE = 0.15
"""A gap is wide from this share of the whole height on: healthy logs of seven programs had gaps of
0.14 and less, trainings on few kinds of cells 0.16 and more."""

NEARLY = 0.9
"""Validation stands still from where it has done this share of its fall."""

OPENED = 0.25
"""A gap opens when it grew by this share of the whole height since validation stood still."""

GAP = 0.5
"""And from this share of what validation fell by: a smaller one is left by most good networks."""

LEAST = 3
"""A course down and up again takes three points."""

STAYED = 1.25
"""A gap stays what it is, if it ends within this factor of what it was half-way."""

ABOVE = 0.5
"""What rises to training or stays below it did not leave it: a gap of this share of a rise did."""

OWN = 0.5
"""More than this share of a rise is validation's own: where training rises as well, it broke down.
"""


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """How far the two curves part: by a rise, or by a gap that opens; in units of the loss.

    `rise` is that of validation from its lowest level to its end, less what training rose; `gap`
    is how far validation ends above training, `halfway` what it was in the middle; `growth` by how
    much the gap grew in the later half of the training, with its `trend` by epoch or step, and
    `opened` since validation stood still. `bottom` is the time of the lowest level, `since` that of
    standing still. `fell` is what validation fell by. Bounds are `strict` times as high.
    """

    reading: Reading
    validation: Trace
    turn: Turn
    rise: float
    gap: float
    halfway: float
    growth: float
    trend: Slope
    opened: float
    bottom: float
    since: float
    fell: float
    strict: float

    @property
    def learnt(self) -> bool:
        """Whether training fell beyond chance; else what rises are running averages that settle."""
        training = self.reading.training
        return training is None or training.start - training.end > SURE * training.error

    @property
    def improved(self) -> bool:
        """Whether validation ever fell beyond the noise of its first value."""
        return self.fell > SURE * self.validation.error + self.validation.sigma

    @property
    def risen(self) -> bool:
        """Whether validation rises beyond noise, and as far as is seen in a plot."""
        seen = self.strict * max(RISE * self.reading.height, SEEN * self.reading.whole)
        above = self.reading.training is None or self.gap > ABOVE * self.rise
        own = self.rise > OWN * self.turn.rise
        return self.learnt and above and own and self.turn.sure and self.rise > seen

    @property
    def wide(self) -> bool:
        """Whether validation ends far above training, beyond noise."""
        least = self.strict * WIDE * self.reading.whole
        return self.gap > max(SURE * self.validation.blur, least)

    @property
    def grown(self) -> bool:
        """Whether the gap grew beyond noise, in the later half or since validation stood still."""
        height, whole = (self.strict * one for one in self.heights)
        widens = self.growth > RISE * height and self.trend.value > SURE * self.trend.error
        sure = SURE * self.validation.error
        return widens or self.opened > max(sure, OPENED * whole)

    @property
    def growing(self) -> bool:
        """Whether a wide gap, however it came about, is not what it was half-way."""
        return self.learnt and self.wide and self.gap > STAYED * self.halfway

    @property
    def opens(self) -> bool:
        """Whether a wide gap opens while training goes on falling and validation does not."""
        return self.learnt and self.wide and self.gap > GAP * self.fell and self.grown

    @property
    def leans(self) -> bool:
        """Whether a wide gap grows and validation surely drifts up, each part of what it takes."""
        height, whole = (self.strict * one or np.inf for one in self.heights)
        parts = self.turn.drift / (RISE * height) + self.opened / (OPENED * whole)
        both = self.turn.drift > 0 and self.opened > SURE * self.validation.error
        return self.learnt and self.wide and both and parts > 1

    @property
    def holds(self) -> bool:
        """Whether the curves part, in any of these ways."""
        return bool(self.risen or self.opens or self.leans)

    @property
    def heights(self) -> tuple[float, float]:
        """The height of the curves without their first drop and with it."""
        return self.reading.height, self.reading.whole

    @property
    def evidence(self) -> dict[str, float]:
        """The numbers that are decided by, as fractions of the heights, and when it began."""
        height, whole = (one or np.inf for one in self.heights)
        return {
            "rise_fraction": self.rise / height,
            "growth_fraction": self.growth / height,
            "opened_fraction": self.opened / whole,
            "gap_fraction": self.gap / whole,
            "noise_fraction": self.validation.sigma / height,
            f"lowest_{self.reading.run.counts}": self.validation.lowest[1],
        }


def divergence(reading: Reading, validation: Trace, strict: float = 1.0) -> Divergence:
    """Return how far validation parts from training; without training only a rise can be told."""
    training, since, turned = reading.training, still(reading, validation), turn(validation)
    bottom = float(validation.at[validation.bottom])
    middle = float(validation.at[0] + validation.at[-1]) / 2
    times = np.array([bottom, middle, since, validation.at[-1]])
    # Without training the gap is none, wherever one looks.
    beside = training.around(times) if training else validation.around(times)
    gaps = validation.around(times) - beside
    falls = beside[-1] < beside
    shared = max(0.0, float(beside[-1] - beside[0])) if training else 0.0
    return Divergence(
        reading=reading,
        validation=validation,
        turn=turned,
        rise=turned.rise - shared,
        gap=float(gaps[-1]),
        halfway=float(gaps[1]),
        growth=float(gaps[-1] - gaps[1]) if falls[1] and since <= middle else 0.0,
        trend=trend(reading, validation),
        opened=float(gaps[-1] - gaps[2]) if falls[2] else 0.0,
        bottom=bottom,
        since=since,
        fell=max(0.0, validation.start - validation.low),
        strict=strict,
    )


def still(reading: Reading, validation: Trace) -> float:
    """Return the epoch or step from which on validation had nearly done its fall.

    First validations lie anywhere: the fall is followed from no higher than training began.
    """
    start = min(one.start for one in (validation, reading.training) if one)
    nearly = validation.low + (1 - NEARLY) * max(0.0, start - validation.low)
    return float(validation.at[int(np.argmax(validation.levels <= nearly))])


def trend(reading: Reading, validation: Trace) -> Slope:
    """Return the slope of the gap through the later half of the training; 0 of too few values."""
    late = validation.late(LATER)
    at, training = validation.at[late], reading.training
    if training is None or len(at) < LEAST:
        return Slope(0.0, 0.0)
    return slope(at, validation.values[late] - np.interp(at, training.at, training.values))
