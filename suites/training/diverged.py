"""Trainings that broke down: a loss that left the numbers, or exploded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from suites.training.condition import CurveShape
from suites.training.reading import shortage
from suites.training.spoken import digits
from suites.training.trace import SURE

if TYPE_CHECKING:
    from audit.logs.log import Curve, Run
    from suites.training.reading import Reading
    from suites.training.trace import Trace

HIGHER = 0.5
"""An explosion ends above its start by this share of how far the curve ever fell below it."""

BURST, CHANCE = 100.0, 1.0
"""A loss that fell by this factor and is still above what guessing costs had exploded before:
cross-entropy and Dice begin at about one, and losses summed over pixels do not fall so far."""

ABSURD = 1e9
"""No loss summed over the pixels of an image comes to so much, unless the weights exploded."""

TWICE = 1.0
"""And by this share of the start itself: a network that forgets does not explode."""


def diverged(reading: Reading, strict: float = 1.0) -> CurveShape:
    """Return whether a loss left the numbers, or ended far above where it began."""
    broken = lost(reading.run) or absurd(reading.run)
    if broken is not None:
        return broken
    training = reading.training
    if training is None:
        why = f"Divergence cannot be told: {shortage(reading.run, 'training')}."
        return CurveShape(name="diverged", holds=None, because=why)
    end = ended(training)
    early = training.end > CHANCE and training.start > strict * BURST * training.end
    exploded = early or explodes(training, end, strict)
    said = f"Training loss began at {digits(training.start)} and ended about {digits(end)}"
    if exploded:
        because = f"{said}: it exploded{' in its first steps' * early}."
    else:
        because = f"{said}, and every value is finite."
    begins = training.at[0] if early else training.at[training.bottom]
    return CurveShape(
        name="diverged",
        holds=bool(exploded),
        because=because,
        evidence={"rise_over_start": end - training.start},
        span=(float(begins), float(training.at[-1])) if exploded else None,
        certain=end > BURST * abs(training.start),
    )


def ended(training: Trace) -> float:
    """Return the median of the values at the end, in units of the loss.

    Where a loss explodes its values differ by powers of ten: no line through them means anything.
    """
    return float(np.median(training.values[-training.tail :]))


def explodes(training: Trace, end: float, strict: float) -> bool:
    """Return whether a loss ends far above its start."""
    rise = end - training.start
    least = max(SURE * training.error, HIGHER * (training.start - training.low))
    return rise > max(least, strict * TWICE * abs(training.start))


def lost(run: Run) -> CurveShape | None:
    """Return that a training loss is not finite from somewhere on; None where all of it is.

    Validation alone may be so without a divergence: some metrics have no value where a class is
    absent.
    """
    curve = run.training
    gone = gaps(curve) if curve else ()
    if curve is None or not gone:
        return None
    return CurveShape(
        name="diverged",
        holds=True,
        because=f"The training loss is not a finite number at {run.counts} {gone[0]:g}.",
        evidence={f"lost_{run.counts}": gone[0], "lost_values": float(len(gone))},
        span=(gone[0], curve.at[-1]),
        certain=True,
    )


def absurd(run: Run) -> CurveShape | None:
    """Return that a loss was absurd before a second value could be logged; None where it was not.

    With two values and more a loss is compared with itself.
    """
    curve = run.training
    if curve is None or len(curve.values) != 1 or curve.values[0] < ABSURD:
        return None
    return CurveShape(
        name="diverged",
        holds=True,
        because=f"The only training loss is {curve.values[0]:g}: the weights exploded.",
        evidence={f"lost_{run.counts}": curve.at[0], "lost_values": 1.0},
        span=(curve.at[0], curve.at[0]),
        certain=True,
    )


def gaps(curve: Curve) -> tuple[float, ...]:
    """Return the times at which a curve has no finite value."""
    pairs = zip(curve.at, curve.values, strict=True)
    return tuple(at for at, value in pairs if not math.isfinite(value))
