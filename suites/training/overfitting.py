"""Overfitting: validation rises after its minimum, or stands still while training goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from suites.training.condition import CurveShape
from suites.training.divergence import LEAST, RISE, divergence
from suites.training.doubt import NEAR
from suites.training.reading import shortage
from suites.training.spoken import digits

if TYPE_CHECKING:
    from suites.training.divergence import Divergence
    from suites.training.reading import Reading


def overfitting(reading: Reading, strict: float = 1.0) -> CurveShape:
    """Return whether the network went on learning what validation had no use for."""
    validation = reading.validation
    if validation is None or len(validation.values) < LEAST:
        few = f"the log has fewer than {LEAST} values of the validation loss"
        why = few if validation else shortage(reading.run, "validation")
        why = f"Overfitting cannot be told: {why}."
        return CurveShape(name="overfitting", holds=None, because=why)
    found = divergence(reading, validation, strict)
    if not found.holds and (found.growing or replace(found, strict=strict / NEAR).holds):
        return CurveShape(
            name="overfitting",
            holds=None,
            because=unclear(found),
            evidence=found.evidence,
            near=True,
        )
    start = found.bottom if found.risen else found.since
    return CurveShape(
        name="overfitting",
        holds=found.holds,
        because=because(found),
        evidence=found.evidence,
        span=(start, float(validation.at[-1])) if found.holds else None,
    )


def because(found: Divergence) -> str:
    """Return what was found, as a sentence."""
    if found.risen:
        return f"{course(found)}: {risen(found)}."
    if found.opens:
        return f"{opened(found)}."
    if found.leans:
        return f"{course(found)}; after it validation loss rises slowly, and {apart(found)}."
    if not found.learnt:
        return f"{course(found)}, but training learnt too little for overfitting."
    unshared = ", not shared by training" if found.reading.training else ""
    return (
        f"{course(found)}: no rise that counts ({RISE:.0%} of the height of the curves, beyond "
        f"noise{unshared}), and no gap that opens."
    )


def unclear(found: Divergence) -> str:
    """Return that the curves part, but not far enough to accuse, as a sentence."""
    gap = f", and {apart(found)}" if found.reading.training else ""
    return f"{course(found)}{gap}. That lies near the bounds of overfitting: it cannot be told."


def course(found: Divergence) -> str:
    """Return where validation was best and where it ended, as logged."""
    judged, unit = found.validation, found.reading.run.counts
    best, at = judged.lowest
    ends = f"Validation loss ends at {digits(judged.last)}"
    return f"{ends}, the lowest that lasted is {digits(best)} at {unit} {at:g}"


def risen(found: Divergence) -> str:
    """Return how far validation rose, and whether training did."""
    share = found.evidence["rise_fraction"]
    said = f"smoothed, it rises by {share:.0%} of the height of the curves, "
    if found.reading.training is None:
        return f"{said}and whether training did so too cannot be told, for it was not logged"
    return f"{said}which training does not share"


def opened(found: Divergence) -> str:
    """Return since when a gap opened, and how wide it is."""
    unit, since = found.reading.run.counts, found.validation.logged_at(found.since)
    still = (
        f"Validation loss has nearly done its fall at {unit} {since:g}"
        if found.improved
        else "Validation loss never falls beyond noise"
    )
    return f"{still}, training loss fell on: {apart(found)}"


def apart(found: Divergence) -> str:
    """Return how far the curves are apart at their end."""
    share = found.evidence["gap_fraction"]
    gap = digits(found.gap)
    return f"at the end they are about {gap} apart, {share:.0%} of the height of the curves"
