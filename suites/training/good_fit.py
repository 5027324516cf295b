"""A good fit: both curves improved and came to rest near each other, and nothing is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suites.training.condition import CurveShape
from suites.training.course import FLAT, late_share
from suites.training.divergence import divergence
from suites.training.reading import FEWEST
from suites.training.spoken import digits
from suites.training.unfinished import PACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from suites.training.reading import Reading
    from suites.training.trace import Trace


def good_fit(reading: Reading, flaws: Sequence[CurveShape]) -> CurveShape:
    """Return whether both curves came to rest near each other, and nothing else is wrong."""
    if wrong := [one.name for one in flaws if one.holds]:
        because = f"Not a good fit: {', '.join(wrong)}."
        return CurveShape(name="good fit", holds=False, because=because)
    if near := [one.name for one in flaws if one.near]:
        because = f"Nothing is surely wrong, but {', '.join(near)} cannot be told."
        return CurveShape(name="good fit", holds=None, because=because)
    training, validation = reading.training, reading.validation
    why = silence(reading)
    if why or training is None or validation is None:
        because = f"Whether the fit is good cannot be told: {why}."
        return CurveShape(name="good fit", holds=None, because=because)
    told = any(one.name == "not finished" and one.holds is not None for one in flaws)
    return rested(reading, training, validation, told=told)


def silence(reading: Reading) -> str:
    """Return why nothing can be called good; "" where it can."""
    if reading.validation is None or reading.points("both") < FEWEST or reading.training is None:
        return f"it takes both losses, {FEWEST} values of each"
    if reading.blind:
        return "the last validation loss is not a number: look at the validation images"
    improved = divergence(reading, reading.validation).improved
    return "" if improved else "validation loss never fell beyond noise"


def rested(reading: Reading, training: Trace, validation: Trace, *, told: bool) -> CurveShape:
    """Return whether curves in which nothing is wrong came to their end.

    Where it cannot be `told` whether training was finished, both must be seen to have come to rest;
    validation that falls to where training rests has nowhere further to fall.
    """
    shares = late_share(training), late_share(validation)
    met = abs(validation.end - training.end) < PACE * reading.whole
    last = shares[0] if met and not told else (min if told else max)(shares)
    evidence = {"late_share": last}
    if last > FLAT:
        why = (
            "Nothing is wrong, but whether training came to its end cannot be told: its last "
            f"third still brought {last:.0%} of all that was gained."
        )
        return CurveShape(name="good fit", holds=None, because=why, evidence=evidence)
    ends = f"at about {digits(training.end)} and {digits(validation.end)}"
    rest = (
        f"Both losses come to rest, {ends}: " if max(shares) <= FLAT else f"The losses end {ends}: "
    )
    because = f"{rest}validation follows training, and nothing else was found."
    return CurveShape(name="good fit", holds=True, because=because, evidence=evidence)
