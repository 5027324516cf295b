"""Unrepresentative training images: a wide gap stays between both losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suites.training.condition import CurveShape
from suites.training.course import FLAT, late_share
from suites.training.divergence import divergence
from suites.training.reading import LEAST, lacking
from suites.training.spoken import digits

if TYPE_CHECKING:
    from suites.training.divergence import Divergence
    from suites.training.reading import Reading

OWED = 0.5
"""Where a rise made more than this share of a gap, the gap is that of overfitting."""


def unrepresentative_training(reading: Reading, strict: float = 1.0) -> CurveShape:
    """Return whether a wide gap stays between curves that are parallel, validation at rest.

    A gap that was there from the first is none of the images: both are perhaps measured
    differently. One that grows, or comes with a rise of validation, is that of overfitting.
    """
    training, validation = reading.training, reading.validation
    if training is None or validation is None or len(validation.values) < LEAST:
        return lacking("unrepresentative training")
    found = divergence(reading, validation, strict)
    differs = found.wide and reading.throughout
    holds = found.wide and not differs and not reading.resumed and at_rest(found)
    return CurveShape(
        name="unrepresentative training",
        holds=holds or (None if found.wide and not found.risen else False),
        because=measured_differently(reading) if differs else apart(found, holds=holds),
        evidence={"gap_fraction": found.evidence["gap_fraction"]},
        span=(found.since, float(validation.at[-1])) if holds else None,
        near=found.wide and not holds,
    )


def at_rest(found: Divergence) -> bool:
    """Return whether both curves were learnt from and came to rest beside each other."""
    rested = found.improved and found.learnt and late_share(found.validation) < FLAT
    return rested and found.reading.parallel and not grew(found)


def grew(found: Divergence) -> bool:
    """Return whether a gap is one of overfitting: it goes on growing, or a rise made it."""
    return found.growing or (found.risen and found.rise > OWED * found.gap)


def measured_differently(reading: Reading) -> str:
    """Return what is to be said of curves that are as far apart at their start as at their end."""
    gap = float(reading.gaps[-1])
    where = "above" if gap > 0 else "below"
    return (
        f"Validation loss ends about {digits(abs(gap))} {where} training loss, and was about as "
        "far from it all along: both are perhaps measured differently (another loss, dropout, a "
        "running average), so their distance says nothing."
    )


def apart(found: Divergence, *, holds: bool) -> str:
    """Return what is to be said of a gap."""
    where = "below" if found.gap < 0 else "above"
    said = f"Validation loss ends about {digits(abs(found.gap))} {where} training loss"
    share = f"{found.evidence['gap_fraction']:.0%} of the height of the curves"
    if holds:
        return (
            f"{said}, {share}, and stayed so while both were at rest: perhaps the training images "
            "lack what the validation images hold, or are too few."
        )
    if not found.wide:
        return f"{said}: no wide gap."
    if found.reading.resumed:
        return f"{said}, {share}, but the log begins late: how high they were cannot be told."
    if grew(found):
        perhaps = "" if found.holds else "perhaps "
        return f"{said}, {share}, but the gap grew: that is {perhaps}overfitting."
    if not found.improved:
        return f"{said}, {share}, but it never improved: why cannot be told from the curves."
    return f"{said}, {share}, but the curves are not at rest beside each other."
