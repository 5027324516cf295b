"""Trainings that broke down, or that jump: diverged, or a learning rate too high."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.sequence import slope
from suites.training.condition import Condition
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

TWICE = 1.0
"""And by this share of the start itself: a network that forgets does not explode."""

SWING = 1.0
"""Swings that are larger than all that was learnt are no noise of batches."""

BEGUN, ABOVE = 0.1, 5.0
"""Where validation was ever this many times above the first training loss, what was learnt counts
from an explosion: swings by a tenth of it are large, if by half of the loss itself as well."""

SHARED = 0.5
"""Weights that swing move validation as well, by this share at least; small batches do not."""

LEAP = 1.0
"""A lone leap above the first value by more than this share of all that was ever learnt."""

RELAPSE = 0.5
"""Two values in a row that lose more than this share of it: one may be an unlucky batch."""

BARE = 1 / 3
"""And larger than this share of the loss itself: where little was learnt, augmentation and small
batches alone make a loss swing by more than that little."""

MIDDLE = (0.05, 0.95)
"""Swings lie between these quantiles, so that a lone spike is none."""

LEAST = 4
"""Values in the later half without which a swing is no swing."""


def diverged(reading: Reading) -> Condition:
    """Return whether a loss left the numbers, or ended far above where it began."""
    broken = lost(reading.run)
    if broken is not None:
        return broken
    training = reading.training
    if training is None:
        why = "Divergence cannot be told: the log has no training loss."
        return Condition(name="diverged", holds=None, because=why)
    rise = training.end - training.start
    exploded = rise > max(SURE * training.error, HIGHER * (training.start - training.low), 0.0)
    exploded = exploded and rise > TWICE * abs(training.start)
    early = training.end > CHANCE and training.start > BURST * training.end
    said = f"Training loss began at {training.start:.3g} and ended at {training.end:.3g}"
    if exploded or early:
        because = f"{said}: it exploded{' in its first steps' * early}."
    else:
        because = f"{said}, and every value is finite."
    begins = training.at[0] if early else training.at[training.bottom]
    span = (float(begins), float(training.at[-1])) if exploded or early else None
    return Condition(
        name="diverged",
        holds=bool(exploded or early),
        because=because,
        evidence={"rise_over_start": rise},
        span=span,
    )


def lost(run: Run) -> Condition | None:
    """Return that a loss is not finite from somewhere on; None where all of it is.

    A lone gap in validation is none: some metrics have no value where a class is absent.
    """
    for name, curve in (("training", run.training), ("validation", run.validation)):
        if curve is None or not curve.values:
            continue
        gone = [at for at, v in zip(curve.at, curve.values, strict=True) if not math.isfinite(v)]
        if gone and (name == "training" or gone[-1] == curve.at[-1]):
            return Condition(
                name="diverged",
                holds=True,
                because=f"The {name} loss is not a finite number at {run.counts} {gone[0]:g}.",
                evidence={f"lost_{run.counts}": gone[0], "lost_values": float(len(gone))},
                span=(gone[0], curve.at[-1]),
            )
    return None


def learning_rate_too_high(reading: Reading) -> Condition:
    """Return whether training loss swings rather than falls, or exploded without being lost."""
    training = reading.training
    if training is None or training.late(0.5).sum() < LEAST or lost(reading.run):
        why = "Oscillation cannot be told: too few finite values of the training loss."
        return Condition(name="learning rate too high", holds=None, because=why)
    explosion = diverged(reading)
    if explosion.holds:
        why = f"{explosion.because} Steps that are too long do that."
        return replace(explosion, name="learning rate too high", because=why)
    swing, leap = swings(training), leaps(reading.run.training, training)
    learnt = max(0.0, training.start - float(np.median(training.values[training.late(0.5)])))
    middle = BARE * abs(float(np.median(training.values)))
    shared = reading.validation is None or swings(reading.validation) > SHARED * swing
    little = swing > max(SWING * learnt, middle)
    large = swing > max(BEGUN * learnt, 1.5 * middle) and burst(reading)
    oscillates = shared and (little or large)
    ever = training.start - training.low
    relapse = relapses(reading.run.training)
    leapt = leap > max(LEAP * ever, middle) or relapse > max(RELAPSE * ever, middle)
    evidence = {"swing": swing, "learnt": learnt, "leap": leap, "relapse": relapse}
    said = (
        f"In its second half training loss swings by {swing:.3g}; what was learnt before is "
        f"{learnt:.3g}"
    )
    if oscillates:
        because = f"{said}: it jumps rather than falls."
    elif leapt:
        because = (
            f"Training loss leapt up by {max(leap, relapse):.3g} and came down again, where "
            f"{ever:.3g} was learnt in all: steps were too long."
        )
    else:
        because = f"{said}."
    half = float(training.at[0] + training.at[-1]) / 2
    span = (float(training.at[0]) if leapt else half, float(training.at[-1]))
    return Condition(
        name="learning rate too high",
        holds=bool(oscillates or leapt),
        because=because,
        evidence=evidence,
        span=span if oscillates or leapt else None,
    )


def finite(curve: Curve | None) -> list[float]:
    """Return the values of a curve that are numbers, spikes included."""
    return [value for value in (curve.values if curve else ()) if math.isfinite(value)]


def leaps(curve: Curve | None, training: Trace) -> float:
    """Return how far a loss ever was above both its first and its last level, spikes included."""
    return max(finite(curve)) - max(training.start, training.end)


def burst(reading: Reading) -> bool:
    """Return whether validation was ever far above where training began."""
    highest = max(finite(reading.run.validation), default=0.0)
    return reading.training is not None and highest > ABOVE * abs(reading.training.start)


def relapses(curve: Curve | None) -> float:
    """Return how far a loss rose from one value to the next and stayed for two of them."""
    values = np.array(finite(curve))
    stayed = np.minimum(values[1:-1], values[2:])
    return float((stayed - values[:-2]).max())


def swings(training: Trace) -> float:
    """Return the range of the later half around its straight line, in units of the loss."""
    late = training.late(0.5)
    at, values = training.at[late], training.values[late]
    residuals = values - slope(at, values).value * at
    low, high = np.quantile(residuals, MIDDLE)
    return float(high - low)
