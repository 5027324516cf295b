"""A learning rate that is too high: the training loss jumps rather than falls."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audit.statistics.sequence import slope
from suites.training.condition import CurveShape
from suites.training.diverged import diverged, lost
from suites.training.reading import shortage
from suites.training.spoken import digits
from suites.training.trace import LATER

if TYPE_CHECKING:
    from audit.logs.log import Curve
    from suites.training.reading import Reading
    from suites.training.trace import Trace

SWING = 1.0
"""Swings that are larger than all that was learnt are no noise of batches."""

BEGUN, ABOVE = 0.1, 5.0
"""Where validation was ever this many times above the first training loss, what was learnt counts
from an explosion: swings by a tenth of it are large, if by half of the loss itself as well."""

NEAR = 0.15
"""Such a burst is that of the weights where validation otherwise keeps within this share of the
whole height of training: else it is one of its images."""

SHARED = 0.5
"""Weights that swing move validation as well, by this share at least; small batches do not."""

LEAP = 1.0
"""A lone leap above the first value by more than this share of all that was ever learnt."""

LASTS = 3
"""As many values in a row lie above it: what is undone sooner is a hiccup, which says nothing."""

BARE = 1 / 3
"""And larger than this share of the loss itself: where little was learnt, augmentation and small
batches alone make a loss swing by more than that little."""

MIDDLE = (0.05, 0.95)
"""Swings lie between these quantiles, so that a lone spike is none."""

LEAST = 4
"""Values in the later half without which a swing is no swing."""


@dataclass(frozen=True, kw_only=True)
class Jumps:
    """How far a training loss jumps, in its units.

    `swing` is the range of the later half, `judged` that of validation, None where there is none;
    `leap` how far the loss ever stayed above both its ends. `learnt` is what was learnt before the
    later half, `ever` the most that was; `level` is the middle of the loss; `burst` says that
    validation once exploded with the weights. Bounds are `strict` times as high.
    """

    swing: float
    judged: float | None
    leap: float
    learnt: float
    ever: float
    level: float
    burst: bool
    strict: float

    @property
    def shared(self) -> bool:
        """Whether validation swings as well."""
        return self.judged is None or self.judged > SHARED * self.swing

    @property
    def oscillates(self) -> bool:
        """Whether the loss swings by more than was learnt, an explosion not counted as learning."""
        swing = self.swing / self.strict
        little = swing > max(SWING * self.learnt, BARE * self.level)
        large = swing > max(BEGUN * self.learnt, 1.5 * BARE * self.level) and self.burst
        return self.shared and (little or large)

    @property
    def leapt(self) -> bool:
        """Whether the loss ever leapt up and came down again."""
        return self.leap / self.strict > max(LEAP * self.ever, BARE * self.level)

    @property
    def because(self) -> str:
        """What was found, as a sentence."""
        said = (
            f"In its second half training loss swings by {digits(self.swing)}; what was learnt "
            f"before is {digits(self.learnt)}"
        )
        if self.oscillates:
            return f"{said}: it jumps rather than falls."
        if self.leapt:
            return (
                f"Training loss leapt to {digits(self.leap)} above both its ends for {LASTS} "
                f"values or more, where {digits(self.ever)} was learnt in all: steps were too long."
            )
        return f"{said}."


def learning_rate_too_high(reading: Reading, strict: float = 1.0) -> CurveShape:
    """Return whether training loss swings rather than falls, or exploded without being lost."""
    training = reading.training
    why = silence(reading)
    if training is None or why:
        because = f"Oscillation cannot be told: {why}."
        return CurveShape(name="learning rate too high", holds=None, because=because)
    explosion = diverged(reading, strict)
    if explosion.holds:
        why = f"{explosion.because} Steps that are too long do that."
        return replace(explosion, name="learning rate too high", because=why)
    found = jumps(reading, training, strict)
    evidence = {name: getattr(found, name) for name in ("swing", "learnt", "leap")}
    half = float(training.at[0] + training.at[-1]) / 2
    span = (half, float(training.at[-1])) if found.oscillates else None
    return CurveShape(
        name="learning rate too high",
        holds=bool(found.oscillates or found.leapt),
        because=found.because,
        evidence=evidence,
        span=leapt(training) if found.leapt and not found.oscillates else span,
        local=not found.oscillates,
    )


def silence(reading: Reading) -> str:
    """Return why it cannot be told whether a training loss swings; "" where it can."""
    if lost(reading.run):
        return "not all values of the losses are finite"
    if reading.training is None:
        return shortage(reading.run, "training")
    few = f"too few values of the training loss: {LEAST} in its later half are the least"
    return "" if swung(reading.training) else few


def swung(trace: Trace) -> bool:
    """Return whether a curve has values enough in its later half for a swing."""
    return bool(trace.late(LATER).sum() >= LEAST)


def jumps(reading: Reading, training: Trace, strict: float) -> Jumps:
    """Return how far a training loss jumps, and validation beside it."""
    validation = reading.validation
    late = float(np.median(training.values[training.late(LATER)]))
    judged = float(np.median(validation.values[validation.late(LATER)])) if validation else late
    return Jumps(
        swing=swings(training),
        judged=swings(validation) if validation and swung(validation) else None,
        leap=leaps(reading.run.training, training),
        learnt=max(0.0, training.start - late),
        ever=training.start - training.low,
        level=abs(float(np.median(training.values))),
        burst=burst(reading) and abs(judged - late) < NEAR * reading.whole,
        strict=strict,
    )


def finite(curve: Curve | None) -> list[float]:
    """Return the values of a curve that are numbers, spikes included."""
    return [value for value in (curve.values if curve else ()) if math.isfinite(value)]


def leaps(curve: Curve | None, training: Trace) -> float:
    """Return how far a loss ever stayed above both its first and its last level."""
    stayed = sliding_window_view(np.array(finite(curve)), LASTS).min(axis=1)
    return float(stayed.max()) - max(training.start, training.end)


def leapt(training: Trace) -> tuple[float, float]:
    """Return from when to when a loss lay above both its ends."""
    above = training.at[training.values > max(training.start, training.end)]
    return (float(above[0]), float(above[-1])) if len(above) else (training.at[0], training.at[-1])


def burst(reading: Reading) -> bool:
    """Return whether validation was ever far above where training began."""
    highest = max(finite(reading.run.validation), default=0.0)
    return reading.training is not None and highest > ABOVE * abs(reading.training.start)


def swings(training: Trace) -> float:
    """Return the range of the later half around its straight line, in units of the loss."""
    late = training.late(LATER)
    at, values = training.at[late], training.values[late]
    residuals = values - slope(at, values).value * at
    low, high = np.quantile(residuals, MIDDLE)
    return float(high - low)
