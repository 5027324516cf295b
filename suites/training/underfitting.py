"""Underfitting: training itself stays flat and high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from suites.training.condition import CurveShape
from suites.training.course import late_share, rests
from suites.training.spoken import digits
from suites.training.trace import LATER, SURE

if TYPE_CHECKING:
    from suites.training.reading import Reading
    from suites.training.trace import Trace

LITTLE = 0.5
"""A training loss that lost less than this share of its first value stayed high."""

AT_ONCE = 2 / 3
"""Where the second value already brought this share of the fall, the log begins near the end of it:
the network was trained before, or the loss has a floor of noise."""

LEAST = 5
"""Points without which flat means nothing."""


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What a network learnt: how far its training loss fell, and in which shares.

    `share` is what was learnt of the first value, None where a loss below zero has no floor to
    count from; `late` is the part of the drop that the last third brought, `at_once` that of the
    second value. `error` is that of the drop, in units of the loss. `rests` says that it surely
    came to its end. Less than a share of `little` is high.
    """

    start: float
    end: float
    share: float | None
    late: float
    error: float
    at_once: float
    rests: bool | None
    little: float

    @property
    def drop(self) -> float:
        """How far training fell, in units of the loss."""
        return self.start - self.end

    @property
    def something(self) -> bool:
        """Whether it fell beyond chance."""
        return self.drop > SURE * self.error

    @property
    def high(self) -> bool:
        """Whether little was learnt, where that can be told."""
        return self.share is not None and self.share < self.little

    @property
    def nothing(self) -> bool:
        """Whether surely next to nothing was learnt: not just less than noise would hide."""
        bounded = self.share is None or self.share + SURE * self.error / self.start < self.little
        return not self.something and bounded

    @property
    def holds(self) -> bool | None:
        """Whether the network underfits; None of a loss below zero that fell."""
        if self.nothing:
            return True
        if self.share is None:
            return None
        if not self.high:
            return False
        return self.rests if self.something and self.at_once < AT_ONCE else None

    @property
    def because(self) -> str:
        """What was found, as a sentence."""
        went = f"Training loss went from {digits(self.start)} to about {digits(self.end)}"
        if self.nothing:
            return f"{went}: it has learnt nothing beyond chance."
        if self.share is None:
            return f"{went}; a loss below zero has no floor, so high cannot be told."
        if not self.high:
            return f"{went}, validation no less low: {self.little:.0%} of it or more was learnt."
        if self.rests and self.at_once >= AT_ONCE:
            return (
                f"{went}, {self.at_once:.0%} of it at once: the log begins when most was learnt, "
                "or the loss has a floor, so high cannot be told."
            )
        if not self.rests:
            falls = "it still falls" if self.rests is False else "noise hides whether it rests"
            return f"{went}, which is high, but {falls}."
        return (
            f"{went}: less than {self.little:.0%} of it was learnt, and the last third of the "
            f"training brought {self.late:.0%} of that."
        )


def learnt(reading: Reading, training: Trace, strict: float) -> Learnt:
    """Return what was learnt from a training loss and the validation beside it."""
    floored = float(training.values.min()) >= 0 and training.start > 0
    return Learnt(
        start=training.start,
        end=training.end,
        share=1 - lowest(reading, training) / training.start if floored else None,
        late=late_share(training),
        at_once=at_once(training),
        error=training.error,
        rests=rests(training),
        little=LITTLE / strict,
    )


def at_once(training: Trace) -> float:
    """Return the share of its fall that a loss did from its first value to its second."""
    fall = training.start - training.low
    return float(training.values[0] - training.values[1]) / fall if fall > 0 else 0.0


def lowest(reading: Reading, training: Trace) -> float:
    """Return the lower of the two losses: augmentation and dropout hold back that of training."""
    held = reading.validation.middle(LATER) if reading.validation else training.end
    return min(training.end, held)


def silence(reading: Reading) -> str:
    """Return why it cannot be told what was learnt; "" where it can."""
    training = reading.training
    if training is None or len(training.values) < LEAST:
        return f"fewer than {LEAST} values of the training loss"
    if reading.resumed:
        if reading.run.continues:
            return "it goes on from the training before it, and what that learnt is not in it"
        unit, first = reading.run.counts, training.logged[0, 0]
        return f"the log begins at {unit} {first:g}, and what was learnt before is not in it"
    if reading.differ:
        return "both losses are perhaps measured differently, so neither has a known floor"
    return ""


def underfitting(reading: Reading, strict: float = 1.0) -> CurveShape:
    """Return whether the network did not even learn its training images."""
    why, training = silence(reading), reading.training
    if why or training is None:
        because = f"Underfitting cannot be told: {why}."
        return CurveShape(name="underfitting", holds=None, because=because)
    found = learnt(reading, training, strict)
    evidence = {"drop": found.drop, "late_share": found.late}
    if found.share is not None:
        evidence["drop_share"] = found.share
    return CurveShape(
        name="underfitting",
        holds=found.holds,
        because=found.because,
        evidence=evidence,
        span=(float(training.at[0]), float(training.at[-1])) if found.holds else None,
        near=found.holds is None and found.share is not None,
    )
