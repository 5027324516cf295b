"""Overfitting: validation rises after its minimum, or stands still while training goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from suites.training.condition import Condition
from suites.training.trace import SHORT, SURE

if TYPE_CHECKING:
    from suites.training.reading import Reading
    from suites.training.trace import Trace

RISE = 0.1
"""A rise is more than this share of the height: less is hardly seen in a plot."""

SEEN = 0.03
"""And more than this share of the whole height, the first drop included."""

LEARNT = 0.2
"""A rise of validation is overfitting where training fell by this share of it, or more."""

WIDE = 0.15
"""A gap is wide from this share of the whole height on: healthy logs of seven programs had gaps of
0.14 and less, trainings on few kinds of cells 0.16 and more."""

NEARLY = 0.9
"""Validation stands still from where it has done this share of its fall."""

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

    rise: float
    gap: float
    growth: float
    opened: float
    bottom: float
    since: float

    def rises(self, reading: Reading) -> bool:
        """Return whether validation rises beyond noise, and as far as is seen in a plot.

        Where training learnt nothing, what rises are running averages that settle.
        """
        assert reading.validation is not None
        training = reading.training
        learnt = training.start - training.low if training else self.rise
        if learnt <= max(SURE * training.error if training else 0.0, LEARNT * self.rise):
            return False
        # Where noise cannot be told from course, a rise must be the clearer.
        least = RISE * (2 if len(reading.validation.values) < SHORT else 1) * reading.height
        sure = SURE * reading.validation.error
        return self.rise > max(sure, least, SEEN * reading.whole)

    def parts(self, reading: Reading) -> bool:
        """Return whether a wide gap opens while training goes on falling."""
        assert reading.validation is not None
        fell = reading.validation.start - reading.validation.low
        still_opens = self.growth > RISE * reading.height
        return self.gap > GAP * fell and (still_opens or self.opened > WIDE * reading.whole)


def divergence(validation: Trace, training: Trace | None) -> Divergence:
    """Return how far two curves part; without training only a rise can be told."""
    # First validations lie anywhere: the fall is from no higher than training began.
    start = min(one.start for one in (validation, training) if one)
    nearly = validation.low + (1 - NEARLY) * max(0.0, start - validation.low)
    since = float(validation.at[int(np.argmax(validation.levels <= nearly))])
    bottom = float(validation.at[validation.bottom])
    middle = float(validation.at[0] + validation.at[-1]) / 2
    times = np.array([bottom, middle, since, validation.at[-1]])
    rise = validation.end - validation.low
    if training is None:
        return Divergence(rise=rise, gap=0.0, growth=0.0, opened=0.0, bottom=bottom, since=since)
    beside = training.around(times)
    gaps = validation.around(times) - beside
    falls = beside[-1] < beside
    return Divergence(
        rise=rise - max(0.0, float(beside[-1] - beside[0])),
        gap=float(gaps[-1]),
        growth=float(gaps[-1] - gaps[1]) if falls[1] else 0.0,
        opened=float(gaps[-1] - gaps[2]) if falls[2] else 0.0,
        bottom=bottom,
        since=since,
    )


def overfitting(reading: Reading) -> Condition:
    """Return whether the network went on learning what validation had no use for."""
    validation, training = reading.validation, reading.training
    if validation is None or len(validation.values) < LEAST:
        why = "Overfitting cannot be told: the log has no validation loss of three values or more."
        return Condition(name="overfitting", holds=None, because=why)
    height = reading.height
    found = divergence(validation, training)
    risen = found.rises(reading)
    opened = (
        training is not None
        and found.gap > max(SURE * validation.blur, WIDE * reading.whole)
        and found.parts(reading)
    )
    unit = reading.run.counts
    evidence = {
        "rise_fraction": found.rise / height if height else 0.0,
        "growth_fraction": found.growth / height if height else 0.0,
        "opened_fraction": found.opened / reading.whole if height else 0.0,
        "gap_fraction": found.gap / reading.whole if height else 0.0,
        "noise_fraction": validation.sigma / height if height else 0.0,
        f"lowest_{unit}": found.bottom,
    }
    said = f"Validation loss ends at {validation.end:.3g}, lowest {validation.low:.3g}"
    if risen:
        because = (
            f"{said} at {unit} {found.bottom:g}: a rise of {evidence['rise_fraction']:.0%} of the "
            "height of the curves, which training does not share."
        )
    elif opened:
        because = (
            f"Validation loss has nearly done its fall at {unit} {found.since:g}, training loss "
            f"goes on falling: at the end they are {found.gap:.3g} apart, "
            f"{evidence['gap_fraction']:.0%} of the height of the curves."
        )
    else:
        because = (
            f"{said}: no rise beyond noise and {RISE:.0%} of the height of the curves, and no gap "
            "that opens."
        )
    start = found.bottom if risen else found.since
    span = (start, float(validation.at[-1])) if risen or opened else None
    holds = bool(risen or opened)
    return Condition(name="overfitting", holds=holds, because=because, evidence=evidence, span=span)
