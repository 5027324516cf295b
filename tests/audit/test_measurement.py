"""Laws of a measurement: a finite number at finite conditions, or a reason."""

from __future__ import annotations

import math

import pytest

from audit.measurement import Measurement


@pytest.mark.parametrize(
    "given",
    [
        {"value": math.nan},
        {"value": math.inf},
        {"value": None},
        {"value": 1.0, "undefined": "why"},
        {"value": 1.0, "weight": -1.0},
        {"value": 1.0, "weight": math.nan},
        {"value": 1.0, "at": {"x": math.nan}},
    ],
)
def test_what_is_no_measurement_is_refused(given):
    """No NaN or infinity anywhere, no negative weight, and either a value or a reason."""
    with pytest.raises(ValueError, match="m: "):
        Measurement("m", **given)


def test_conditions_are_canonical():
    """Conditions are sorted and rounded to twelve digits, so equal ones are equal."""
    one = Measurement("m", 1.0, "s", {"b": 0.1 + 0.2, "a": 1})
    other = Measurement("m", 1.0, "s", {"a": 1, "b": 0.3})
    assert one == other
    assert list(one.at) == ["a", "b"]
