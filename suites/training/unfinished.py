"""Not finished: the losses still fall at the end, and training on would bring much more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from suites.training.condition import CurveShape
from suites.training.course import course
from suites.training.rate import ANNEALED, idle
from suites.training.reading import shortage
from suites.training.turn import turn

if TYPE_CHECKING:
    from suites.training.course import Course
    from suites.training.reading import Reading

FEW = 20
"""Below this many points an end is no more than a handful of values."""

WORTH = 0.1
"""Training on is worth it from this share of what was gained so far."""

DEAR = 0.2
"""Where validation pauses, training must be about to gain this share: validation gets half."""

PACE = 0.05
"""Validation keeps pace with training where it ends no further above it than this share of the
whole height: what training gains further is then no learning by heart."""


@dataclass(frozen=True, kw_only=True)
class Ends:
    """The ends of both curves, and how far validation ends above training, of the whole height.

    What training on must bring to be worth it is `strict` times as much.
    """

    learnt: Course
    judged: Course
    behind: float
    strict: float

    @property
    def falls(self) -> bool:
        """Whether validation falls while training does not rise; it may be too noisy to fall.

        Nor does it fall where it ended above its lowest level, however long it fell before.
        """
        turned = turn(self.judged.trace).sure
        return self.judged.falling and not self.learnt.rising and not turned

    @property
    def pauses(self) -> bool:
        """Whether training falls while validation, which kept pace so far, does not rise."""
        return self.learnt.falling and not self.judged.rising and self.behind < PACE

    @property
    def holds(self) -> bool:
        """Whether training on would bring much more."""
        by_training = self.pauses and self.learnt.gain_share > DEAR
        return (self.falls and self.judged.gain_share > self.strict * WORTH) or by_training

    def because(self, when: str) -> str:
        """Return what was found, as a sentence; `when` training stopped."""
        share = self.judged.gain_share
        if self.falls and share > self.strict * WORTH:
            return (
                f"Validation loss was still falling when training stopped at {when}, and training "
                f"loss does not rise: as much training again would bring another {share:.0%} of "
                "what was gained so far."
            )
        if self.holds:
            return (
                f"Training loss was still falling when training stopped at {when}, and validation "
                "keeps pace with it: as much training again would take off another "
                f"{self.learnt.gain_share:.0%} of what was learnt so far."
            )
        if self.falls:
            return (
                f"Validation loss still falls, but as much training again would bring only "
                f"{share:.0%} of what was gained so far."
            )
        if self.judged.falling and self.learnt.rising:
            return "Validation loss still falls, but training loss rises at its end."
        if self.judged.falling:
            return "Validation loss fell through the last third, but ends above its lowest."
        return "The end of the validation loss does not fall beyond chance."


def unfinished(reading: Reading, strict: float = 1.0) -> CurveShape:
    """Return whether training was stopped while there was much to gain.

    Validation still falls, or training does and validation has kept pace with it.
    """
    found = silence(reading) or ends(reading, strict)
    if isinstance(found, str):
        return CurveShape(name="not finished", holds=None, because=found)
    at = found.judged.trace.at
    evidence = {
        "gain_share": found.judged.gain_share,
        "training_gain_share": found.learnt.gain_share,
        "training_slope": found.learnt.slope.value,
        "validation_slope": found.judged.slope.value,
    }
    span = (float(at[-1] - (at[-1] - at[0]) / 5), float(at[-1])) if found.holds else None
    return CurveShape(
        name="not finished",
        holds=found.holds,
        because=found.because(f"{reading.run.counts} {at[-1]:g}"),
        evidence=evidence,
        span=span,
    )


def ends(reading: Reading, strict: float) -> Ends | str:
    """Return the ends of both curves, or why they cannot be told."""
    assert reading.training is not None
    assert reading.validation is not None
    learnt, judged = course(reading.training), course(reading.validation)
    if learnt is None or judged is None:
        return "Whether training was finished cannot be told: too few points after a quarter of it."
    apart = reading.validation.end - reading.training.end
    behind = apart / reading.whole if reading.whole else 0.0
    return Ends(learnt=learnt, judged=judged, behind=behind, strict=strict)


def silence(reading: Reading) -> str | None:
    """Return why it cannot be told whether training was finished; None where it can."""
    if reading.training is None or reading.validation is None:
        why = shortage(reading.run, "training" if reading.training is None else "validation")
        return f"Whether training was finished cannot be told: {why}."
    points = min(len(reading.training.values), len(reading.validation.values))
    if points < FEW:
        return (
            f"Whether training was finished cannot be told from {points} points: "
            f"{FEW} are the least."
        )
    if idle(reading.run) is not None:
        return (
            "Whether training was finished cannot be told: the learning rate was annealed to less "
            f"than {ANNEALED:.0%} of what it was, so the curves had to come to rest."
        )
    return None
