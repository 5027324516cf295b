"""Cells are numbers as several countries and programs write them."""

from __future__ import annotations

import math

import pytest

from audit.logs.cell import has_commas, is_blank, number


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1e-04", 1e-4),
        (" .5 ", 0.5),
        ("-3", -3),
        ("1,234.5", 1234.5),
        ("1e400", math.inf),
        ("-inf", -math.inf),
    ],
)
def test_numbers_are_read(cell, expected):
    """Signs, exponents, thousands, padding, and what is too large for a float."""
    assert number(cell) == expected


@pytest.mark.parametrize("cell", ["half", "1_000", "0,5", "", "3 s", "1.2.3", "0x10"])
def test_what_is_no_number_is_none(cell):
    """Units, underscores and texts are never read as a number by accident."""
    assert number(cell) is None


def test_commas_are_decimal_where_asked():
    """Behind semicolons a comma is the decimal sign, and points part thousands."""
    assert number("1.234,5", comma=True) == 1234.5
    assert number("12", comma=True) == 12
    assert has_commas(["0", "0,5", "1,25e-3"])
    assert not has_commas(["0.5", "0.25", "1"])


def test_nan_is_a_number_and_a_blank_is_not():
    """A loss that is NaN was measured; an empty cell says nothing."""
    assert math.isnan(number("NaN"))
    assert not is_blank("nan")
    assert all(map(is_blank, ["", " ", "NA", "null", "-"]))
