"""Overfitting: validation rises after its minimum, or stands still while training goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from suites.training.condition import CurveShape
from suites.training.spoken import digits
from suites.training.trace import SHORT, SURE

if TYPE_CHECKING:
    from suites.training.reading import Reading
    from suites.training.trace import Trace

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


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """How far the two curves part: by a rise, or by a gap that opens; in units of the loss.

    `rise` is that of validation from its lowest level to its end, less what training rose; `gap`
    is how far validation ends above training; `growth` by how much the gap grew in the later half
    of the training, and `opened` since validation stood still. `bottom` is the time of the lowest
    level, `since` that of standing still.
    """

    reading: Reading
    validation: Trace
    rise: float
    gap: float
    growth: float
    opened: float
    bottom: float
    since: float

    @property
    def learnt(self) -> bool:
        """Whether training fell beyond chance; else what rises are running averages that settle."""
        training = self.reading.training
        return training is None or training.start - training.end > SURE * training.error

    @property
    def risen(self) -> bool:
        """Whether validation rises beyond noise, and as far as is seen in a plot."""
        # Where noise cannot be told from course, a rise must be the clearer.
        clearer = 2 if len(self.validation.values) < SHORT else 1
        seen = max(clearer * RISE * self.reading.height, SEEN * self.reading.whole)
        return self.learnt and self.rise > max(SURE * self.validation.error, seen)

    @property
    def wide(self) -> bool:
        """Whether validation ends far above training, beyond noise."""
        return self.gap > max(SURE * self.validation.blur, WIDE * self.reading.whole)

    @property
    def opens(self) -> bool:
        """Whether a wide gap opens while training goes on falling."""
        fell = self.validation.start - self.validation.low
        still = self.growth > RISE * self.reading.height
        grown = still or self.opened > OPENED * self.reading.whole
        return self.learnt and self.wide and self.gap > GAP * fell and grown

    @property
    def evidence(self) -> dict[str, float]:
        """The numbers that are decided by, as fractions of the heights, and when it began."""
        height, whole = (one or np.inf for one in (self.reading.height, self.reading.whole))
        return {
            "rise_fraction": self.rise / height,
            "growth_fraction": self.growth / height,
            "opened_fraction": self.opened / whole,
            "gap_fraction": self.gap / whole,
            "noise_fraction": self.validation.sigma / height,
            f"lowest_{self.reading.run.counts}": self.bottom,
        }

    @property
    def because(self) -> str:
        """What was found, as a sentence."""
        said = (
            f"{self.validation.smoothed}validation loss ends at {digits(self.validation.end)}, "
            f"lowest {digits(self.validation.low)}"
        )
        said = said[0].upper() + said[1:]
        unit, shares = self.reading.run.counts, self.evidence
        if self.risen:
            return (
                f"{said} at {unit} {self.bottom:g}: a rise of {shares['rise_fraction']:.0%} of the "
                "height of the curves, which training does not share."
            )
        if self.opens:
            return (
                f"Validation loss has nearly done its fall at {unit} {self.since:g}, training loss "
                f"goes on falling: at the end they are {digits(self.gap)} apart, "
                f"{shares['gap_fraction']:.0%} of the height of the curves."
            )
        if not self.learnt:
            return f"{said}, but training learnt too little for overfitting."
        return (
            f"{said}: no rise beyond noise and {RISE:.0%} of the height of the curves, and no gap "
            "that opens."
        )


def divergence(reading: Reading, validation: Trace) -> Divergence:
    """Return how far validation parts from training; without training only a rise can be told."""
    training = reading.training
    # First validations lie anywhere: the fall is from no higher than training began.
    start = min(one.start for one in (validation, training) if one)
    nearly = validation.low + (1 - NEARLY) * max(0.0, start - validation.low)
    since = float(validation.at[int(np.argmax(validation.levels <= nearly))])
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
        rise=validation.end - validation.low - shared,
        gap=float(gaps[-1]),
        growth=float(gaps[-1] - gaps[1]) if falls[1] else 0.0,
        opened=float(gaps[-1] - gaps[2]) if falls[2] else 0.0,
        bottom=bottom,
        since=since,
    )


def overfitting(reading: Reading) -> CurveShape:
    """Return whether the network went on learning what validation had no use for."""
    validation = reading.validation
    if validation is None or len(validation.values) < LEAST:
        why = "Overfitting cannot be told: the log has no validation loss of three values or more."
        return CurveShape(name="overfitting", holds=None, because=why)
    found = divergence(reading, validation)
    holds = bool(found.risen or found.opens)
    start = found.bottom if found.risen else found.since
    return CurveShape(
        name="overfitting",
        holds=holds,
        because=found.because,
        evidence=found.evidence,
        span=(start, float(validation.at[-1])) if holds else None,
    )
