"""Not finished: both curves still fall at the end, and training on would bring much more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from suites.training.condition import Condition
from suites.training.course import Course, course

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
    """Return whether training was stopped while both curves were falling."""
    abstains = silence(reading)
    if abstains:
        return Condition(name="not finished", holds=None, because=abstains)
    courses = [c for t in (reading.training, reading.validation) if t and (c := course(t))]
    shares = [one.gain.value / one.drop if one.drop > 0 else 0.0 for one in courses]
    falling = all(one.falling for one in courses)
    least = min(shares)
    holds = falling and least > WORTH
    late = courses[-1].trace.at
    evidence = {
        "gain_share": least,
        "training_slope": courses[0].slope.value,
        "validation_slope": courses[-1].slope.value,
    }
    if holds:
        because = (
            f"Both losses were still falling when training stopped: {reading.run.counts} "
            f"{late[-1]:g} was not the end, and as much training again would bring another "
            f"{least:.0%} of what was gained so far."
        )
    elif falling:
        because = (
            f"Both losses still fall, but as much training again would bring only {least:.0%} of "
            "what was gained so far."
        )
    else:
        still = " and ".join(name for name, one in named(courses) if not one.falling)
        because = f"The end of the {still} loss does not fall beyond chance."
    span = (float(late[-1] - (late[-1] - late[0]) / 5), float(late[-1])) if holds else None
    return Condition(
        name="not finished", holds=holds, because=because, evidence=evidence, span=span
    )


def named(courses: list[Course]) -> list[tuple[str, Course]]:
    """Return the ends of the curves with their names."""
    return list(zip(("training", "validation"), courses, strict=True))


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
