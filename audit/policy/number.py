"""Numbers as a sentence has them: as many digits as they deserve, never on the wrong side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.policy.rule import Rule

MOST_DIGITS = 6
"""What differs from a bound by less is said to be just above, or just below it."""

SHARP_DIGITS = 3
"""Decimals of a number without an interval."""


def precision(width: float) -> int:
    """Return how many decimals an interval of some width deserves.

    >>> precision(0.04), precision(12)
    (3, 0)
    """
    return SHARP_DIGITS if width <= 0 else min(4, max(0, 1 - math.floor(math.log10(width))))


def honest(value: float, rule: Rule, digits: int) -> str:
    """Return a number rounded so that it never seems to be on the other side of its bounds."""
    return apart(value, (rule.bound,) if rule.warn is None else (rule.bound, rule.warn), digits)


def apart(value: float, limits: tuple[float, ...], digits: int) -> str:
    """Return a number rounded so that it never seems to be on the other side of a limit.

    >>> apart(0.0004, (0.0,), 2), apart(0.0, (0.0,), 2)
    ('0.0004', '0.00')
    """
    text = f"{value:z.{digits}f}"
    crossed = [one for one in limits if sign(float(text) - one) != sign(value - one)]
    if not crossed:
        return text
    if digits < MOST_DIGITS:
        return apart(value, limits, digits + 1)
    return f"just {'above' if value > crossed[0] else 'below'} {plain(crossed[0])}"


def whole(value: float, rule: Rule) -> str:
    """Return a number that stands alone: 0 and 1 are said only of what is 0 and 1."""
    text = honest(value, rule, SHARP_DIGITS)
    if text.startswith("just"):
        return text
    near = round(value)
    if near in (0, 1) and value != near and float(text) == near:
        return f"almost {near}"
    return plain(float(text))


def plain(value: float) -> str:
    """Return a number as a person writes it: no exponent, no zeros behind it.

    >>> plain(0.05), plain(300.0), plain(0.00001), plain(-0.0)
    ('0.05', '300', '0.00001', '0')
    """
    text = f"{value:z.12f}".rstrip("0").rstrip(".")
    return text or "0"


def sign(value: float) -> int:
    """Return -1, 0 or 1."""
    return (value > 0) - (value < 0)
