"""Unrepresentative validation images: easier than those of training, or too few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.sequence import GAUSSIAN, running_median
from suites.training.condition import CurveShape
from suites.training.reading import LEAST, lacking
from suites.training.spoken import digits
from suites.training.trace import LATER, SURE, Trace
from suites.training.unrepresentative_training import measured_differently

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from suites.training.reading import Reading

EASIER = 0.1
"""Validation below training by this share of the whole height is easier, not just without dropout
or averaged later."""

SHARE = 0.7
"""And below this share of it. A loss below zero has no shares: there it must lie twice as far."""

NOISY = 0.06
"""Scatter of validation from this share of the whole height on hides what it should show: that of
healthy networks after a dozen epochs was 0.05 and less."""

WANDERING = 0.15
"""So does going down and up again by this share, however slowly: a network judged on one or two
images wanders so, one judged on many does not."""

SMOOTH = 0.05
"""A course wanders where its running median over this share of its values does."""

TURNS = 4
"""Twice down and up: a course that falls and rises turns but once."""

TIMES = 2.0
"""And this many times the scatter of training: else the network may jump as much."""


@dataclass(frozen=True, kw_only=True)
class LaterHalf:
    """Validation beside training over the later half, in units of the loss.

    `lead` is how far it lies below training, `share` its part of the training loss, None of losses
    below zero; `scatter` is that from value to value, `wander` what it goes down and up again twice
    by, each with that of training after it. Bounds are `strict` times as high.
    """

    reading: Reading
    lead: float
    share: float | None
    sure: float
    scatter: tuple[float, float]
    wander: tuple[float, float]
    strict: float

    @property
    def height(self) -> float:
        """What bounds are shares of."""
        return self.strict * self.reading.whole

    @property
    def easier(self) -> bool:
        """Whether validation lies far below training."""
        least = EASIER * self.height * (2 if self.share is None else 1)
        return (self.share or 0.0) < SHARE and self.lead > max(self.sure, least)

    @property
    def noisy(self) -> bool:
        """Whether validation scatters from value to value, and training does not."""
        late, usual = self.scatter
        return late > max(NOISY * self.height, TIMES * usual)

    @property
    def wanders(self) -> bool:
        """Whether validation goes down and up again, and training does not."""
        late, usual = self.wander
        return late > max(WANDERING * self.height, TIMES * usual)

    @property
    def evidence(self) -> dict[str, float]:
        """The numbers that are decided by, as fractions of the whole height."""
        whole = self.reading.whole or np.inf
        return {
            "lead_fraction": self.lead / whole,
            "scatter_fraction": self.scatter[0] / whole,
            "training_scatter_fraction": self.scatter[1] / whole,
            "wander_fraction": self.wander[0] / whole,
            "training_wander_fraction": self.wander[1] / whole,
        }

    @property
    def because(self) -> str:
        """What was found, as a sentence."""
        shares, unit = self.evidence, self.reading.run.counts
        if self.easier:
            return (
                f"Validation loss lies {digits(self.lead)} below training loss through the second "
                f"half, {shares['lead_fraction']:.0%} of the height of the curves: perhaps its "
                "images are easier, or dropout or heavy augmentation hold training back."
            )
        if self.noisy:
            return (
                f"Validation loss scatters by {digits(self.scatter[0])} from {unit} to {unit}, "
                f"{shares['scatter_fraction']:.0%} of the height of the curves, training loss by "
                f"{digits(self.scatter[1])}: perhaps too few validation images."
            )
        if self.wanders:
            return (
                "Validation loss goes down and up again more than once by "
                f"{digits(self.wander[0])}, {shares['wander_fraction']:.0%} of the height of the "
                f"curves, training loss by {digits(self.wander[1])}: perhaps too few validation "
                "images."
            )
        if self.lead > 0:
            return (
                f"Validation loss lies {digits(self.lead)} below training loss, as dropout, "
                "augmentation or the average over an epoch explain."
            )
        return (
            "Validation loss is neither below training loss nor noisy: it scatters by "
            f"{digits(self.scatter[0])}, training loss by {digits(self.scatter[1])}."
        )


def unrepresentative_validation(reading: Reading, strict: float = 1.0) -> CurveShape:
    """Return whether validation is too easy or too noisy to stand for what matters."""
    training, validation = reading.training, reading.validation
    if training is None or validation is None or len(validation.values) < LEAST:
        return lacking("unrepresentative validation")
    found = LaterHalf(
        reading=reading,
        lead=lead(training, validation),
        share=lowered(training, validation),
        sure=SURE * validation.error,
        scatter=(scatter(validation), scatter(training)),
        wander=(wander(validation), wander(training)),
        strict=strict,
    )
    if found.easier and reading.differ:
        why = measured_differently(reading)
        return CurveShape(name="unrepresentative validation", holds=None, because=why, near=True)
    holds = found.easier or found.noisy or found.wanders
    middle = float(validation.at[0] + validation.at[-1]) / 2
    return CurveShape(
        name="unrepresentative validation",
        holds=bool(holds),
        because=found.because,
        evidence=found.evidence,
        span=(middle, float(validation.at[-1])) if holds else None,
    )


def lead(training: Trace, validation: Trace) -> float:
    """Return how far validation lies below training, the median over the later half."""
    late = validation.late(LATER)
    beside = training.around(validation.at[late])
    return float(np.median(beside - validation.levels[late]))


def lowered(training: Trace, validation: Trace) -> float | None:
    """Return the later validation as a share of the later training, medians of levels.

    None of losses below zero: they have no floor to count from.
    """
    if validation.low <= 0:
        return None
    beside = training.around(validation.at[validation.late(LATER)])
    return validation.middle(LATER) / max(float(np.median(beside)), float(np.finfo(float).tiny))


def scatter(trace: Trace) -> float:
    """Return by how much the later values scatter around their course: a robust deviation."""
    late = trace.late(LATER)
    bends = np.diff(trace.values[late], 2)
    return float(GAUSSIAN * np.median(np.abs(bends)) / 6**0.5) if len(bends) else 0.0


def wander(trace: Trace) -> float:
    """Return by how much the later course goes up and down, each of `TURNS` times or more."""
    smooth = running_median(trace.values, int(SMOOTH * len(trace.values)))
    values = smooth[trace.late(LATER)]
    low, high = 0.0, float(np.ptp(values))
    # The number of turns falls with their size: twenty halvings find it to a millionth.
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if turns(values, middle) >= TURNS else (low, middle)
    return low


def turns(values: NDArray[np.float64], size: float) -> int:
    """Return how often values turn and go back by a size or more.

    >>> turns(np.array([3.0, 1.0, 2.0, 0.0, 0.5]), 1.0)
    3
    """
    count, direction = 0, 0
    lowest = highest = float(values[0])
    for value in values:
        lowest, highest = min(lowest, value), max(highest, value)
        if direction <= 0 and value - lowest >= size > 0:
            count, direction, highest = count + 1, 1, value
        elif direction >= 0 and highest - value >= size > 0:
            count, direction, lowest = count + 1, -1, value
    return count
