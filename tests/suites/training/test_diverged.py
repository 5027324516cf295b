"""Laws of broken trainings: a loss that left the numbers or exploded is told, and little else."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest

from suites.training.condition import Name
from suites.training.conditions import diagnose
from suites.training.recommendation import BLIND, advise
from tests.suites.training.shapes import SHAPES, run_of, settles, shown


@pytest.mark.parametrize("lost", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_no_number_is_a_divergence(lost):
    """It is said where it began, and nothing else is said of such a training."""
    training, validation = (np.array(one) for one in SHAPES["good fit"](np.linspace(0, 1, 40)))
    training[25:] = lost
    found = diagnose(run_of(training, validation))
    assert found.holding == ("diverged",)
    assert found["diverged"].span == (25.0, 39.0)
    assert {found[name].holds for name in get_args(Name)[1:-1]} == {None}


def test_a_loss_that_exploded_at_once_is_a_divergence():
    """A loss that fell by thousands and is still large exploded; one that fell to nothing not."""
    time = np.linspace(0, 1, 40)
    course = 30 + 9e4 * settles(time, 0.01)
    assert diagnose(run_of(course, course + 1)).holding == shown("diverged")
    memorised = 1e-4 + 0.7 * settles(time, 0.05)
    assert not diagnose(run_of(memorised, memorised))["diverged"].holds


def test_a_loss_that_is_lost_says_nothing_of_its_rate():
    """Not every loss that is no number came of long steps: a mask of nonsense does it as well."""
    course = 0.1 + settles(np.linspace(0, 1, 40))
    course[30:] = np.nan
    found = diagnose(run_of(course, course))
    assert found.holding == ("diverged",)
    assert found["learning rate too high"].holds is None


def test_a_loss_that_came_back_is_not_called_too_short():
    """Two values of forty that are no numbers are why nothing is said of steps, not their count."""
    training, validation = SHAPES["good fit"](np.linspace(0, 1, 40))
    training[10:12] = np.nan
    because = diagnose(run_of(training, validation))["learning rate too high"].because
    assert "finite" in because
    assert "too few" not in because


@pytest.mark.parametrize(("losses", "says"), [([0.9], "too few values of the"), (None, "no")])
def test_one_value_is_too_few_and_not_none(losses, says):
    """A log of one epoch has a training loss; only a log without one is said to lack it."""
    found = diagnose(run_of(losses, [0.9]))
    for name in ("diverged", "learning rate too high", "not finished"):
        assert found[name].holds is None
        assert f"the log has {says} training loss" in found[name].because


def test_a_network_that_forgets_did_not_diverge():
    """A loss that ends somewhat above its start has learnt nothing, which is underfitting."""
    time = np.linspace(0, 1, 40)
    course = 0.53 - 0.12 * settles(time, 0.08)
    found = diagnose(run_of(course, 0.53 - 0.03 * settles(time)))
    assert found.holding == ("underfitting",)


def test_a_gap_in_validation_is_no_divergence():
    """Validation that could not be computed is left out; where it ends so, nothing is good."""
    training, validation = (np.array(one) for one in SHAPES["good fit"](np.linspace(0, 1, 40)))
    validation[20] = math.nan
    assert diagnose(run_of(training, validation)).holding == ("good fit",)
    validation[20:] = math.nan
    found = diagnose(run_of(training, validation))
    assert found.holding == ()
    assert "look at the validation images" in found["good fit"].because


def test_validation_that_was_never_a_number_tells_nothing():
    """Losses of validation that are all NaN point at its images, not at the training."""
    training, _ = SHAPES["good fit"](np.linspace(0, 1, 40))
    found = diagnose(run_of(training, [math.nan] * 40))
    assert found.holding == ()
    assert "look at the validation images" in found["overfitting"].because
    assert found["diverged"].holds is False
    assert advise(run_of(training, [math.nan] * 40)).remedy == BLIND


@pytest.mark.parametrize(("loss", "holds"), [(3e14, True), (40.0, None)])
def test_a_training_that_exploded_in_its_first_epoch_diverged(loss, holds):
    """A single loss is compared with nothing, unless no loss could ever be so large."""
    assert diagnose(run_of([loss], [math.nan]))["diverged"].holds is holds


def test_where_an_explosion_ends_is_the_middle_of_its_last_values():
    """A lone small value, by chance the last, hides no explosion."""
    values = np.concatenate([np.linspace(1.2, 0.8, 20), 10.0 ** np.linspace(1, 15, 20)])
    values[-2] = 1.8
    assert diagnose(run_of(values, values))["diverged"].holds
