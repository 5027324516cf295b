"""Numbers of a log as a sentence has them."""

from __future__ import annotations

from decimal import Decimal


def digits(value: float, many: int = 3) -> str:
    """Return a number with its first digits, and never with an exponent.

    >>> digits(0.40712), digits(-0.0000682), digits(1234.5)
    ('0.407', '-0.0000682', '1230')
    """
    return f"{Decimal(f'{value:.{many}g}'):f}"
