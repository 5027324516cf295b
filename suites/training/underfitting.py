"""Underfitting: training itself stays flat and high."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suites.training.condition import Condition
from suites.training.course import course, late_share
from suites.training.trace import SURE

if TYPE_CHECKING:
    from suites.training.reading import Reading

LITTLE = 0.45
"""A training loss that lost less than this share of its first value stayed high."""

FLAT = 1 / 6
"""The last third brought less than this share of the drop: half of what a straight fall brings."""

LEAST = 5
"""Points without which flat means nothing."""


def underfitting(reading: Reading) -> Condition:
    """Return whether the network did not even learn its training images."""
    training = reading.training
    if training is None or len(training.values) < LEAST:
        why = f"Underfitting cannot be told: fewer than {LEAST} values of the training loss."
        return Condition(name="underfitting", holds=None, because=why)
    drop = training.start - training.end
    last = late_share(training)
    ends = course(training)
    rests = last < FLAT or (ends is not None and not ends.falling)
    nothing = drop <= SURE * training.error
    evidence = {"drop": drop, "late_share": last}
    # A loss below zero has no floor that a share could be counted from.
    floored = float(training.values.min()) >= 0 and training.start > 0
    if floored:
        evidence["drop_share"] = drop / training.start
    high = floored and drop < LITTLE * training.start
    went = f"Training loss went from {training.start:.3g} to {training.end:.3g}"
    if nothing:
        because = f"{went}: it has learnt nothing beyond chance."
    elif high and rests:
        because = (
            f"{went} and stays there: less than 45% of it was learnt, and the last third of "
            f"the training brought {last:.0%} of that."
        )
    elif high:
        because = f"{went}, which is high, but it is still falling."
    elif floored:
        because = f"{went}: more than 45% of it was learnt."
    else:
        because = f"{went}; a loss below zero has no floor, so high cannot be told."
    holds = bool(nothing or (high and rests))
    if not holds and not floored:
        return Condition(name="underfitting", holds=None, because=because, evidence=evidence)
    span = (float(training.at[0]), float(training.at[-1])) if holds else None
    return Condition(
        name="underfitting", holds=holds, because=because, evidence=evidence, span=span
    )
