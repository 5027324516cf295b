"""Sets that do not stand for the same images: a gap that stays, or validation that is easier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.sequence import GAUSSIAN
from suites.training.condition import Condition
from suites.training.overfitting import WIDE, divergence
from suites.training.trace import SURE

if TYPE_CHECKING:
    from suites.training.reading import Reading
    from suites.training.trace import Trace

EASIER = 0.1
"""Validation below training by this share of the whole height is easier, not just without dropout
or averaged later."""

SHARE = 2 / 3
"""And below this share of it, where shares of a loss mean anything."""

NOISY = 0.06
"""Scatter of validation from this share of the whole height on hides what it should show: that of
healthy networks after a dozen epochs was 0.05 and less."""

TIMES = 1.5
"""And this many times the scatter of training: else it is the network that jumps."""

LATER = 0.5
"""The share of the time in which validation is asked how noisy and how easy it is."""

LEAST = 5
"""Points without which neither noise nor a gap can be told."""


def unrepresentative_training(reading: Reading) -> Condition:
    """Return whether a wide gap is left between the curves, though validation does not rise."""
    training, validation = reading.training, reading.validation
    if training is None or validation is None or len(validation.values) < LEAST:
        return lacking("unrepresentative training")
    found = divergence(validation, training)
    wide = found.gap > max(SURE * validation.blur, WIDE * reading.whole)
    risen = found.rises(reading)
    share = found.gap / reading.whole if reading.whole else 0.0
    evidence = {"gap_fraction": share}
    if wide and not risen:
        because = (
            f"Validation loss stays {found.gap:.3g} above training loss, {share:.0%} of the height "
            "of the curves, without rising: the training images lack what is in the validation "
            "images."
        )
    elif wide:
        because = f"The gap of {found.gap:.3g} comes with a rise: that is overfitting."
    else:
        because = f"Validation ends {found.gap:.3g} above training: no wide gap."
    holds = bool(wide and not risen)
    span = (found.since, float(validation.at[-1])) if holds else None
    return Condition(
        name="unrepresentative training",
        holds=holds,
        because=because,
        evidence=evidence,
        span=span,
    )


def unrepresentative_validation(reading: Reading) -> Condition:
    """Return whether validation is too easy or too noisy to stand for the images that matter."""
    training, validation = reading.training, reading.validation
    if training is None or validation is None or len(validation.values) < LEAST:
        return lacking("unrepresentative validation")
    whole = reading.whole
    below = lead(training, validation)
    late = scatter(validation)
    usual = scatter(training)
    far = validation.low <= 0 or lowered(training, validation) < SHARE
    easier = far and below > max(SURE * validation.error, EASIER * whole)
    noisy = late > max(NOISY * whole, TIMES * usual)
    evidence = {
        "lead_fraction": below / whole if whole else 0.0,
        "scatter_fraction": late / whole if whole else 0.0,
        "training_scatter_fraction": usual / whole if whole else 0.0,
    }
    if easier:
        because = (
            f"Validation loss lies {below:.3g} below training loss through the second half, "
            f"{evidence['lead_fraction']:.0%} of the height of the curves: its images are easier, "
            "unless dropout or heavy augmentation hold training back."
        )
    elif noisy:
        because = (
            f"Validation loss scatters by {late:.3g} from {reading.run.counts} to "
            f"{reading.run.counts}, {evidence['scatter_fraction']:.0%} of the height of the "
            f"curves, training loss by {usual:.3g}: too few validation images."
        )
    elif below > 0:
        because = (
            f"Validation loss lies {below:.3g} below training loss, as dropout, augmentation or "
            "the average over an epoch explain."
        )
    else:
        because = (
            f"Validation loss is neither below training loss nor noisy: it scatters by {late:.3g}, "
            f"training loss by {usual:.3g}."
        )
    holds = bool(easier or noisy)
    middle = float(validation.at[0] + validation.at[-1]) / 2
    span = (middle, float(validation.at[-1])) if holds else None
    return Condition(
        name="unrepresentative validation",
        holds=holds,
        because=because,
        evidence=evidence,
        span=span,
    )


def lead(training: Trace, validation: Trace) -> float:
    """Return how far validation lies below training, the median over the later half."""
    late = validation.late(LATER)
    beside = training.around(validation.at[late])
    return float(np.median(beside - validation.levels[late]))


def lowered(training: Trace, validation: Trace) -> float:
    """Return the later validation as a share of the later training, medians of levels above 0."""
    late = validation.late(LATER)
    beside = training.around(validation.at[late])
    return float(np.median(validation.levels[late]) / max(np.median(beside), np.finfo(float).tiny))


def scatter(trace: Trace) -> float:
    """Return by how much the later values scatter around their course: a robust deviation."""
    late = trace.late(LATER)
    bends = np.diff(trace.values[late], 2)
    return float(GAUSSIAN * np.median(np.abs(bends)) / 6**0.5) if len(bends) else 0.0


def lacking(name: str) -> Condition:
    """Return that nothing can be told where a curve is lacking or too short."""
    why = f"This cannot be told: it takes both losses, and {LEAST} values of validation."
    return Condition(name=name, holds=None, because=why)  # type: ignore[arg-type]
