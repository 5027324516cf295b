"""Values and differences as words: the same in table, figure and sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reports.words import NONE, listed, number, quantity, significant, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.statistics.estimate import Estimate
    from reports.benchmark.column import Column
    from reports.benchmark.contrast import Contrast
    from reports.benchmark.seen import Seen

MARKS = {"better": "▲ better", "worse": "▼ worse", "": ""}
"""A mark is read by shape and word, never by colour alone."""

LEAST_DIGITS = 2
FAR = 50.0
"""Logarithms beyond are no numbers that anybody reads."""
TIMES = "\u00d7"


def value(wanted: Column, found: Estimate | None, seen: Sequence[Seen] = ()) -> str:
    """Return a value of a quantity for a table; a dash where there is none."""
    if found is None:
        return NONE
    if not wanted.breaks:
        text = f"{found.value:.0f}" if wanted.statistic == "census" else number(found.value)
        return f"{text} {wanted.unit}".rstrip()
    end = at_end(found, seen)
    if end is not None:
        return f"{end[0]} {quantity(end[1], wanted.unit)}"
    return f"{significant(math.exp(found.value))} {wanted.unit}"


def at_end(found: Estimate, seen: Sequence[Seen]) -> tuple[str, float] | None:
    """Return how a breaking point is bounded where it lies at an end of its axis, else None."""
    levels = [float(one) for one in seen[0].choices if one is not None] if seen else []
    for words, end in (("not by", levels[-1:]), ("already at", levels[:1])):
        if end and math.isclose(found.value, math.log(end[0]), abs_tol=1e-9):
            return words, end[0]
    return None


def within(wanted: Column, found: Estimate | None, seen: Sequence[Seen] = ()) -> str:
    """Return the 95 % interval of a value in brackets; "" where there is none, or only a bound."""
    interval = None if found is None or wanted.statistic == "census" else found.interval()
    if found is None or interval is None or (wanted.breaks and at_end(found, seen)):
        return ""
    if wanted.breaks:
        return f"[{', '.join(on_axis(math.exp(min(one, FAR)), seen) for one in interval)}]"
    least, most = seen[0].ends if seen else (-math.inf, math.inf)
    return span((max(least, interval[0]), min(most, interval[1])))


def on_axis(amount: float, seen: Sequence[Seen]) -> str:
    """Return a level, or on which side of all levels it lies: beyond them nothing was tried."""
    levels = [float(one) for one in seen[0].choices if one is not None] if seen else []
    least, most = (min(levels), max(levels)) if levels else (-math.inf, math.inf)
    within = significant(min(max(amount, least), most))
    return f"{'< ' * (amount < least)}{'> ' * (amount > most)}{within}"


def change(one: Contrast) -> str:
    """Return a difference with the interval that its family leaves to it."""
    found, interval = one.estimate, one.interval
    if one.quantity.breaks:
        factor = f"{TIMES} {significant(math.exp(found.value))}"
        ends = [significant(math.exp(min(end, FAR))) for end in interval or ()]
        return f"{factor} [{', '.join(ends)}]" if ends else factor
    digits = precision(found.value, interval)
    return f"{signed(found.value, digits)} {span(interval, digits)}".rstrip()


def precision(center: float, interval: tuple[float, float] | None) -> int:
    """Return how many digits a difference deserves, so that a sure one never reads as 0.00.

    >>> precision(0.12, (0.05, 0.2)), precision(0.004, (0.002, 0.006))
    (2, 3)
    """
    ends = [abs(center), *(abs(one) for one in interval or ())]
    least = min((one for one in ends if one > 0), default=1.0)
    return LEAST_DIGITS if least >= 0.005 else LEAST_DIGITS + 1  # noqa: PLR2004 (reads as 0.00)


def signed(amount: float, digits: int = 2) -> str:
    """Return a difference with its sign.

    >>> signed(0.1234), signed(0.0)
    ('+0.12', '0.00')
    """
    text = number(amount, digits)
    return f"+{text}" if amount > 0 and float(f"{amount:.{digits}f}") else text


def could(one: Contrast) -> str:
    """Return the smallest difference that would have been seen four times in five."""
    least = one.seen_from
    if least is None or one.same:
        # Where neither breaks or sees anything, nothing is known of what more images would show.
        return NONE
    if one.quantity.breaks:
        return f"{TIMES} {significant(least)}" if least < 100 else "nothing"  # noqa: PLR2004
    if least >= one.reach:
        return "nothing"
    return number(least, 2 if least >= 0.01 else 3)  # noqa: PLR2004


def names(contrasts: Sequence[Contrast], most: int = 4) -> str:
    """Return the quantities of several comparisons with their differences, as a sentence lists."""
    return listed([f"{one.quantity.what} ({change(one)})" for one in contrasts], most)
