"""Overfitting: validation rises after its minimum, or stands still while training goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from suites.training.condition import Condition
from suites.training.trace import SHORT

if TYPE_CHECKING:
    from suites.training.reading import Reading
    from suites.training.trace import Trace

SURE = 3.0
"""A rise is more than this many standard errors of the difference of two levels."""

RISE = 0.1
"""A rise is more than this share of the height: less is hardly seen in a plot."""

SEEN = 0.03
"""And more than this share of the whole height, the first drop included."""

GAP = 1 / 3
"""The gap from which validation has fallen by less than two thirds of what training has."""

ONWARDS = 0.15
"""The share of the height that training falls on, after validation has done nearly all of it."""

LEAST = 3
"""A course down and up again takes three points."""


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """How far the two curves part, in units of the loss: by a rise, or by a gap that opens.

    `rise` is that of validation from its lowest level to its end, less what training rose; `gap`
    is how far validation ends above training; `onwards` how far training fell after validation
    was down to nearly its lowest level, which was at `since`. `bottom` is the time of that level.
    """

    rise: float
    gap: float
    onwards: float
    bottom: float
    since: float


def divergence(validation: Trace, training: Trace | None, height: float) -> Divergence:
    """Return how far two curves part; without training only a rise can be told."""
    bottom = validation.bottom
    rise = validation.end - validation.low
    near = validation.levels <= validation.low + RISE * height
    since = validation.at[int(np.argmax(near))]
    if training is None:
        times = float(validation.at[bottom]), float(since)
        return Divergence(rise=rise, gap=0.0, onwards=0.0, bottom=times[0], since=times[1])
    beside = training.around(validation.at)
    rose = max(0.0, float(beside[-1] - beside[bottom]))
    return Divergence(
        rise=rise - rose,
        gap=validation.end - float(beside[-1]),
        onwards=float(training.around(np.array([since]))[0] - beside[-1]),
        bottom=float(validation.at[bottom]),
        since=float(since),
    )


def overfitting(reading: Reading) -> Condition:
    """Return whether the network went on learning what validation had no use for."""
    validation, training = reading.validation, reading.training
    if validation is None or len(validation.values) < LEAST:
        why = "Overfitting cannot be told: the log has no validation loss of three values or more."
        return Condition(name="overfitting", holds=None, because=why)
    height, error = reading.height, validation.error
    found = divergence(validation, training, height)
    # Where noise cannot be told from course, a rise must be the clearer.
    least = RISE * (2 if len(validation.values) < SHORT else 1) * height
    risen = found.rise > max(SURE * error, least, SEEN * reading.whole)
    opened = (
        training is not None
        and found.gap > max(SURE * error, GAP * height)
        and found.rise + found.onwards > ONWARDS * height
    )
    unit = reading.run.counts
    evidence = {
        "rise_fraction": found.rise / height if height else 0.0,
        "gap_fraction": found.gap / height if height else 0.0,
        "onwards_fraction": found.onwards / height if height else 0.0,
        "noise_fraction": validation.sigma / height if height else 0.0,
        f"lowest_{unit}": found.bottom,
    }
    said = f"Validation loss ends at {validation.end:.3g}, lowest {validation.low:.3g}"
    if risen:
        because = (
            f"{said} at {unit} {found.bottom:g}: a rise of {evidence['rise_fraction']:.0%} of the "
            "height of the curves, which training does not share."
        )
    elif opened:
        because = (
            f"Validation loss stands still from {unit} {found.since:g} on, and training goes on "
            f"falling: at the end they are {found.gap:.3g} apart, "
            f"{evidence['gap_fraction']:.0%} of the height of the curves."
        )
    else:
        because = (
            f"{said}: no rise beyond noise and {RISE:.0%} of the height of the curves, and no gap "
            "that opens."
        )
    start = found.bottom if risen else found.since
    span = (start, float(validation.at[-1])) if risen or opened else None
    holds = bool(risen or opened)
    return Condition(name="overfitting", holds=holds, because=because, evidence=evidence, span=span)
