"""Values and differences as words: the same in table, figure and sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reports.words import NONE, listed, number, quantity, significant, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.quantities.answer import Span
    from audit.quantities.summary import Summary
    from reports.benchmark.column import Column
    from reports.benchmark.contrast import Compared

MARKS = {"better": "▲ better", "worse": "▼ worse", "": ""}
"""A mark is read by shape and word, never by colour alone."""

LEAST_DIGITS = 2
TIMES = "\u00d7"


def value(wanted: Column, found: Summary | None) -> str:
    """Return a value of a quantity for a table; a dash where there is none."""
    if found is None:
        return NONE
    if not wanted.breaks:
        census = wanted.asks.statistic == "census"
        text = f"{found.value:.0f}" if census else number(found.value)
        return f"{text} {wanted.unit}".rstrip()
    end = at_end(found)
    if end is not None:
        return f"{end[0]} {quantity(end[1], wanted.unit)}"
    return f"{significant(found.value)} {wanted.unit}"


def at_end(found: Summary) -> tuple[str, float] | None:
    """Return how a breaking point is bounded where it lies at an end of its axis, else None."""
    if found.levels is None:
        return None
    first, last = found.levels
    for words, end in (("not by", last), ("already at", first)):
        if math.isclose(found.value, end, rel_tol=1e-9):
            return words, end
    return None


def within(wanted: Column, found: Summary | None) -> str:
    """Return the 95 % interval of a value in brackets; "" where there is none, or only a bound.

    Where there are several movies, the interval for other movies follows.
    """
    if found is None or wanted.asks.statistic == "census" or at_end(found):
        return ""
    if found.levels is None:
        return beside(span(found.interval), span(found.elsewhere))
    return beside(on_axis(found.interval, found.levels), on_axis(found.elsewhere, found.levels))


def beside(here: str, elsewhere: str) -> str:
    """Return an interval for these movies, and that for others behind it where there is one."""
    return f"{here} (other movies {elsewhere})" if elsewhere else here


def on_axis(interval: Span | None, levels: Span) -> str:
    """Return an interval in brackets, with < or > at an end beyond the levels that were tried."""
    low, high = sorted(levels)
    ends = [
        f"{'< ' * (end < low)}{'> ' * (end > high)}{significant(min(max(end, low), high))}"
        for end in interval or ()
    ]
    return f"[{', '.join(ends)}]" if ends else ""


def change(one: Compared) -> str:
    """Return a difference with its interval, corrected for the number of comparisons."""
    interval = one.interval
    if one.quantity.breaks:
        factor = f"{TIMES} {significant(one.value)}"
        ends = [significant(end) for end in interval or ()]
        return f"{factor} [{', '.join(ends)}]" if ends else factor
    digits = precision(one.value, interval)
    return f"{signed(one.value, digits)} {span(interval, digits)}".rstrip()


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


def could(one: Compared) -> str:
    """Return the smallest difference that would have been seen four times in five."""
    least = one.seen_from
    if least is None or one.identical:
        # Equal values on every image (neither breaks, say) do not tell what could have been seen.
        return NONE
    if least >= one.answer.high:
        return "nothing"
    if one.quantity.breaks:
        return f"{TIMES} {significant(least)}"
    return number(least, 2 if least >= 0.01 else 3)  # noqa: PLR2004


def elsewhere(one: Compared) -> str:
    """Return the interval of a difference for other movies; "" where there is none beside."""
    if one.elsewhere is None:
        return ""
    if one.quantity.breaks:
        return f"[{', '.join(significant(end) for end in one.elsewhere)}]"
    return span(one.elsewhere, precision(one.value, one.elsewhere))


def names(contrasts: Sequence[Compared], most: int = 4) -> str:
    """Return the quantities of several comparisons with their differences, as a sentence lists."""
    return listed([f"{one.quantity.what} ({change(one)})" for one in contrasts], most)
