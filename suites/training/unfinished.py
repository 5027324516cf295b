"""Not finished: validation still falls at the end, and training on would bring much more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from suites.training.condition import Condition
from suites.training.course import course

if TYPE_CHECKING:
    from suites.training.reading import Reading

FEW = 20
"""Below this many points an end is no more than a handful of values."""

ANNEALED = 0.01
"""A learning rate below this share of what it was hardly moves the network any more."""

USUAL = 0.9
"""What it was: this quantile, since a warm-up may begin far above it."""

WORTH = 0.1
"""Training on is worth it from this share of what was gained so far."""


def unfinished(reading: Reading) -> Condition:
    """Return whether training was stopped while validation was falling.

    Training must not rise; it may be too noisy to be seen to fall, under heavy augmentation.
    """
    abstains = silence(reading)
    if abstains:
        return Condition(name="not finished", holds=None, because=abstains)
    learnt, judged = (
        course(one) if one else None for one in (reading.training, reading.validation)
    )
    if learnt is None or judged is None:
        why = "Whether training was finished cannot be told: too few points after a quarter of it."
        return Condition(name="not finished", holds=None, because=why)
    share = judged.gain.value / judged.drop if judged.drop > 0 else 0.0
    falling = judged.falling and not learnt.rising
    holds = falling and share > WORTH
    late = judged.trace.at
    evidence = {
        "gain_share": share,
        "training_slope": learnt.slope.value,
        "validation_slope": judged.slope.value,
    }
    if holds:
        because = (
            f"Validation loss was still falling when training stopped at {reading.run.counts} "
            f"{late[-1]:g}, and training loss does not rise: as much training again would bring "
            f"another {share:.0%} of what was gained so far."
        )
    elif falling:
        because = (
            f"Validation loss still falls, but as much training again would bring only {share:.0%} "
            "of what was gained so far."
        )
    elif judged.falling:
        because = "Validation loss still falls, but training loss rises at its end."
    else:
        because = "The end of the validation loss does not fall beyond chance."
    span = (float(late[-1] - (late[-1] - late[0]) / 5), float(late[-1])) if holds else None
    return Condition(
        name="not finished", holds=holds, because=because, evidence=evidence, span=span
    )


def silence(reading: Reading) -> str | None:
    """Return why it cannot be told whether training was finished; None where it can."""
    if reading.training is None or reading.validation is None:
        lacking = "training" if reading.training is None else "validation"
        return f"Whether training was finished cannot be told: the log has no {lacking} loss."
    points = min(len(reading.training.values), len(reading.validation.values))
    if points < FEW:
        return (
            f"Whether training was finished cannot be told from {points} points: "
            f"{FEW} are the least."
        )
    if annealed(reading):
        return (
            "Whether training was finished cannot be told: the learning rate was annealed to less "
            f"than {ANNEALED:.0%} of what it was, so the curves had to come to rest."
        )
    return None


def annealed(reading: Reading) -> bool:
    """Return whether the learning rate was brought to almost nothing."""
    rate = reading.run.rate
    if rate is None:
        return False
    values = np.asarray(rate.values, float)
    values = values[np.isfinite(values)]
    # Some trainers begin with a rate for biases alone that is a hundred times the later one.
    return len(values) > 1 and bool(values[-1] <= ANNEALED * np.quantile(values, USUAL))
