"""Laws of a good fit: both losses improved, and what is called rest is rest."""

from __future__ import annotations

import numpy as np

from suites.training.conditions import diagnose
from tests.suites.training.shapes import run_of, settles

TIME = np.linspace(0, 1, 60)


def test_validation_that_never_fell_is_no_good_fit():
    """Where training came down to a flat validation nothing is wrong, and nothing was shown."""
    flat = 0.45 + 0.01 * np.random.default_rng(0).standard_normal(60)
    found = diagnose(run_of(0.4 + 0.6 * settles(TIME), flat))
    assert found.holding == ()
    assert "never fell beyond noise" in found["good fit"].because


def test_a_flat_validation_close_to_training_is_not_far_from_it():
    """What a first epoch already learnt, later epochs may refine: a gap of a tenth is no flaw."""
    stream = np.random.default_rng(1)
    training = 0.41 + 0.6 * (np.arange(60) == 0) + 0.01 * settles(TIME)
    found = diagnose(run_of(training, 0.46 + 0.004 * stream.standard_normal(60)))
    assert found.holding == ()


def test_only_two_losses_at_rest_are_said_to_be():
    """A validation that falls straight to where training rests ends there, and does not rest."""
    training = 0.2 + 0.8 * settles(TIME, 0.04)
    both = diagnose(run_of(training, training + 0.02))["good fit"]
    assert (both.holds, "Both losses come to rest" in both.because) == (True, True)
    late = diagnose(run_of(training, np.maximum(training, 0.9 - 0.75 * TIME)))["good fit"]
    assert "come to rest" not in late.because


def test_good_is_said_of_eight_points_and_not_of_seven():
    """A handful of epochs is never called good."""
    for points, holds in ((7, None), (8, True)):
        time = np.linspace(0, 1, points)
        run = run_of(0.05 + settles(time), 0.08 + settles(time, 0.13))
        assert diagnose(run)["good fit"].holds is holds
