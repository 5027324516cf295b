"""Trainings that broke down: a loss that left the numbers, or exploded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from suites.training.condition import CurveShape
from suites.training.reading import shortage
from suites.training.spoken import digits
from suites.training.trace import SURE

if TYPE_CHECKING:
    from audit.logs.log import Run
    from suites.training.reading import Reading
    from suites.training.trace import Trace

HIGHER = 0.5
"""An explosion ends above its start by this share of how far the curve ever fell below it."""

BURST, CHANCE = 100.0, 1.0
"""A loss that fell by this factor and is still above what guessing costs had exploded before:
cross-entropy and Dice begin at about one, and losses summed over pixels do not fall so far."""

TWICE = 1.0
"""And by this share of the start itself: a network that forgets does not explode."""


def diverged(reading: Reading) -> CurveShape:
    """Return whether a loss left the numbers, or ended far above where it began."""
    broken = lost(reading.run)
    if broken is not None:
        return broken
    training = reading.training
    if training is None:
        why = f"Divergence cannot be told: {shortage(reading.run, 'training')}."
        return CurveShape(name="diverged", holds=None, because=why)
    early = training.end > CHANCE and training.start > BURST * training.end
    exploded = early or explodes(training)
    said = f"Training loss began at {digits(training.start)} and ended at {digits(training.end)}"
    if exploded:
        because = f"{said}: it exploded{' in its first steps' * early}."
    else:
        because = f"{said}, and every value is finite."
    begins = training.at[0] if early else training.at[training.bottom]
    return CurveShape(
        name="diverged",
        holds=bool(exploded),
        because=because,
        evidence={"rise_over_start": training.end - training.start},
        span=(float(begins), float(training.at[-1])) if exploded else None,
    )


def explodes(training: Trace) -> bool:
    """Return whether a loss ends far above its start."""
    rise = training.end - training.start
    least = max(SURE * training.error, HIGHER * (training.start - training.low))
    return rise > max(least, TWICE * abs(training.start))


def lost(run: Run) -> CurveShape | None:
    """Return that a loss is not finite from somewhere on; None where all of it is.

    A lone gap in validation is none: some metrics have no value where a class is absent.
    """
    for name, curve in (("training", run.training), ("validation", run.validation)):
        if curve is None or not curve.values:
            continue
        gone = [at for at, v in zip(curve.at, curve.values, strict=True) if not math.isfinite(v)]
        if gone and (name == "training" or gone[-1] == curve.at[-1]):
            return CurveShape(
                name="diverged",
                holds=True,
                because=f"The {name} loss is not a finite number at {run.counts} {gone[0]:g}.",
                evidence={f"lost_{run.counts}": gone[0], "lost_values": float(len(gone))},
                span=(gone[0], curve.at[-1]),
            )
    return None
