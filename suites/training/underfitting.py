"""Underfitting: training itself stays flat and high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from suites.training.condition import CurveShape
from suites.training.course import course, late_share
from suites.training.spoken import digits
from suites.training.trace import LATER, SURE

if TYPE_CHECKING:
    from suites.training.reading import Reading

LITTLE = 0.5
"""A training loss that lost less than this share of its first value stayed high."""

FLAT = 1 / 6
"""The last third brought less than this share of the drop: half of what a straight fall brings."""

LEAST = 5
"""Points without which flat means nothing."""


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What a network learnt: how far its training loss fell, and in which shares.

    `drop` is in units of the loss; `share` is of the first value, None where a loss below zero has
    no floor to count from; `late` is the part of the drop that the last third brought. `something`
    says that it fell beyond chance, `rests` that it came to its end. Less than a share of `little`
    is high.
    """

    start: float
    end: float
    share: float | None
    late: float
    something: bool
    rests: bool
    little: float

    @property
    def drop(self) -> float:
        """How far training fell, in units of the loss."""
        return self.start - self.end

    @property
    def high(self) -> bool:
        """Whether little was learnt, where that can be told."""
        return self.share is not None and self.share < self.little

    @property
    def because(self) -> str:
        """What was found, as a sentence."""
        went = f"Training loss went from {digits(self.start)} to {digits(self.end)}"
        if not self.something:
            return f"{went}: it has learnt nothing beyond chance."
        if self.share is None:
            return f"{went}; a loss below zero has no floor, so high cannot be told."
        if not self.high:
            return f"{went}, validation no less low: {self.little:.0%} of it or more was learnt."
        if not self.rests:
            return f"{went}, which is high, but it is still falling."
        return (
            f"{went} and stays there: less than {self.little:.0%} of it was learnt, and the last "
            f"third of the training brought {self.late:.0%} of that."
        )


def learnt(reading: Reading, strict: float) -> Learnt | None:
    """Return what was learnt; None where too few values of training were logged."""
    training = reading.training
    if training is None or len(training.values) < LEAST:
        return None
    ends = course(training)
    late = late_share(training)
    floored = float(training.values.min()) >= 0 and training.start > 0
    return Learnt(
        start=training.start,
        end=training.end,
        share=1 - lowest(reading) / training.start if floored else None,
        late=late,
        something=training.start - training.end > SURE * training.error,
        rests=late < FLAT or (ends is not None and not ends.falling),
        little=LITTLE / strict,
    )


def lowest(reading: Reading) -> float:
    """Return the lower of the two losses: augmentation and dropout hold back that of training."""
    assert reading.training is not None
    held = reading.validation.middle(LATER) if reading.validation else reading.training.end
    return min(reading.training.end, held)


def underfitting(reading: Reading, strict: float = 1.0) -> CurveShape:
    """Return whether the network did not even learn its training images."""
    found = learnt(reading, strict)
    if found is None:
        why = f"Underfitting cannot be told: fewer than {LEAST} values of the training loss."
        return CurveShape(name="underfitting", holds=None, because=why)
    assert reading.training is not None
    evidence = {"drop": found.drop, "late_share": found.late}
    if found.share is not None:
        evidence["drop_share"] = found.share
    holds = not found.something or (found.high and found.rests)
    untold = not holds and found.share is None
    at = reading.training.at
    return CurveShape(
        name="underfitting",
        holds=None if untold else holds,
        because=found.because,
        evidence=evidence,
        span=(float(at[0]), float(at[-1])) if holds else None,
    )
