"""What is odd about a curve is told, and nothing is told of a curve that is not."""

from __future__ import annotations

import math

import pytest

from audit.logs.log import Curve
from audit.logs.oddity import oddities


def curve(at, values=None):
    """Return a curve at places."""
    at = tuple(map(float, at))
    return Curve(source="loss", at=at, values=tuple(values or (1.0,) * len(at)))


def kinds(training, validation, counts="epoch"):
    """Return the kinds of what is odd."""
    return [one.kind for one in oddities(training, validation, counts)]


def test_nothing_is_odd_about_a_plain_training():
    """A loss of each part at each epoch gives no notice."""
    assert kinds(curve(range(9)), curve(range(9))) == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_told(value):
    """The places of a divergence are named."""
    (found,) = oddities(curve(range(3), (1.0, value, value)), curve(range(3)), "epoch")
    assert (found.kind, "at 2 of 3 epochs: 1, 2" in found.text) == ("not finite", True)


def test_gaps_are_told():
    """Missing epochs are a gap, and are named."""
    found = list(oddities(curve([0, 1, 2, 6, 7, 8, 9]), None, "epoch"))
    assert [one.text for one in found if one.kind == "gap"] == [
        "the training loss skips epochs: 2 to 6"
    ]


def test_a_log_that_grows_coarser_has_no_gap():
    """Cellpose logs epochs 0, 5, 10, 20, 30 and so on."""
    assert "gap" not in kinds(curve([0, 5, 10, 20, 30]), None)


def test_what_is_missing_is_told():
    """A part without a loss is named."""
    assert kinds(curve(range(5)), None) == ["no validation"]
    assert kinds(None, curve(range(5))) == ["no training"]


def test_a_rarer_validation_is_told():
    """A validation every other epoch, and one along something else than the training."""
    assert kinds(curve(range(10)), curve(range(0, 10, 2))) == ["blank"]
    steps = kinds(curve(range(0, 5000, 100)), curve(range(50)), "step")
    assert steps == ["gap"]
