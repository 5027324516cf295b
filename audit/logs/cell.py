"""A cell of a table as a number, as programs and spreadsheets of several countries write it."""

from __future__ import annotations

import re

BLANKS = frozenset({"", "na", "n/a", "none", "null", "-", "--"})
COMMA_NUMBER = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
POINT_NUMBER = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")


def is_blank(cell: str) -> bool:
    """Say whether a cell stands for nothing; `nan` is a number that was measured."""
    return cell.strip().lower() in BLANKS


def number(cell: str, *, comma: bool = False) -> float | None:
    """Return the number in a cell, NaN and infinities too; None where it is no number.

    With `comma` the decimal sign is a comma, and points part thousands.

    >>> number("1e-04"), number("1,234.5"), number("0,25", comma=True), number("half")
    (0.0001, 1234.5, 0.25, None)
    """
    text = cell.strip()
    if comma:
        text = text.replace(".", "").replace(",", ".") if "," in text else text
    elif THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if "_" in text:  # Python reads 1_000; no log means it
        return None
    try:
        return float(text)
    except ValueError:
        return None


def has_commas(cells: list[str]) -> bool:
    """Say whether the decimal sign of these cells is a comma."""
    commas = sum(COMMA_NUMBER.fullmatch(cell.strip()) is not None for cell in cells)
    return commas > sum(POINT_NUMBER.fullmatch(cell.strip()) is not None for cell in cells)
