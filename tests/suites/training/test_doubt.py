"""Laws of doubt: only what a stricter bound would say as well is said to hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suites.training.condition import CurveShape
from suites.training.conditions import diagnose
from suites.training.doubt import EXTRAPOLATED, NEAR, Stricter
from suites.training.reading import read
from suites.training.underfitting import LITTLE
from tests.suites.training.shapes import run_of, shaped


def rule(value):
    """Return a rule that holds of a value above 1, or above as much as it is strict."""
    return lambda _, strict=1.0: CurveShape(
        name="underfitting", holds=value > strict, because=f"It is {value:g}."
    )


@pytest.mark.parametrize(
    ("value", "holds", "near"), [(0.9, False, False), (1.1, None, True), (1.3, True, False)]
)
def test_only_accusations_near_the_bound_are_withheld(value, holds, near):
    """Below the bound nothing is said to hold, just above it nothing can be told."""
    found = Stricter(rule(value), factor=NEAR)(read(shaped("good fit")))
    assert (found.holds, found.near) == (holds, near)
    assert found.because.startswith(f"It is {value:g}.")


@pytest.mark.parametrize(
    ("points", "value", "holds"),
    [(7, 9.0, None), (8, 1.9, None), (8, 2.1, True), (19, 1.9, None), (20, 1.1, True)],
)
def test_few_points_ask_for_bounds_twice_as_strict(points, value, holds):
    """By seven points nobody is accused, by nineteen only who is far beyond the bound."""
    found = Stricter(rule(value))(read(shaped("good fit", points=points)))
    assert found.holds is holds
    assert holds or f"{points} points" in found.because


def test_what_needs_no_bound_needs_no_points():
    """A loss that is no number is certain at once."""
    certain = CurveShape(name="diverged", holds=True, because="It is nan.", certain=True)
    assert Stricter(lambda _, **given: replace(certain, **given))(None) == certain


def test_what_cannot_be_told_stays_so():
    """A rule that abstains for a reason of its own keeps that reason."""
    untold = CurveShape(name="not finished", holds=None, because="Too few points.")
    assert (
        Stricter(lambda _, **given: replace(untold, **given), factor=EXTRAPOLATED)(None) == untold
    )


@pytest.mark.parametrize(("share", "holds"), [(0.55, False), (0.4, None), (0.3, True)])
def test_a_high_training_loss_is_told_where_it_is_surely_high(share, holds):
    """Half of the loss must be learnt; who learnt a little less is not surely underfitted."""
    assert (share < LITTLE) is (holds is not False)
    falls = 1 - share * (1 - np.exp(-np.linspace(0, 20, 60)))
    found = diagnose(run_of(falls, falls + 0.001))
    assert found["underfitting"].holds is holds
    assert found["good fit"].holds is {False: True, None: None, True: False}[holds]


def test_a_training_that_goes_on_from_another_is_read_as_one_that_begins_late():
    """What was learnt before is in the training before it: nobody is accused of learning little."""
    shape = shaped("underfitting", points=60)
    assert diagnose(shape)["underfitting"].holds
    assert diagnose(replace(shape, continues=True))["underfitting"].holds is None
