"""Unrepresentative training images: a wide gap stays between both losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suites.training.condition import CurveShape
from suites.training.overfitting import divergence
from suites.training.reading import LEAST, lacking
from suites.training.spoken import digits

if TYPE_CHECKING:
    from suites.training.overfitting import Divergence
    from suites.training.reading import Reading

OWED = 1 / 3
"""Where a rise made more than this share of a gap, the gap is that of overfitting."""


def unrepresentative_training(reading: Reading) -> CurveShape:
    """Return whether a wide gap is left between the curves that no rise of validation explains."""
    training, validation = reading.training, reading.validation
    if training is None or validation is None or len(validation.values) < LEAST:
        return lacking("unrepresentative training")
    found = divergence(reading, validation)
    owed = found.risen and found.rise > OWED * found.gap
    holds = found.wide and not owed
    return CurveShape(
        name="unrepresentative training",
        holds=holds,
        because=apart(found, owed=owed),
        evidence={"gap_fraction": found.evidence["gap_fraction"]},
        span=(found.since, float(validation.at[-1])) if holds else None,
    )


def apart(found: Divergence, *, owed: bool) -> str:
    """Return what is to be said of a gap; `owed` to a rise of validation or not."""
    if not found.wide:
        where = "below" if found.gap < 0 else "above"
        return f"Validation ends {digits(abs(found.gap))} {where} training: no wide gap."
    if owed:
        return f"The gap of {digits(found.gap)} comes with a rise: that is overfitting."
    return (
        f"Validation loss stays {digits(found.gap)} above training loss, "
        f"{found.evidence['gap_fraction']:.0%} of the height of the curves, and no rise explains "
        "it: the training images lack what is in the validation images."
    )
