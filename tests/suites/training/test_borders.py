"""Laws of the borders between conditions: what looks like one shape and is another."""

from __future__ import annotations

import numpy as np
import pytest

from suites.training.conditions import diagnose
from suites.training.unrepresentative_validation import turns
from tests.suites.training.shapes import SHAPES, run_of, settles


def noisy(values, size, seed=0):
    """Return values with noise of a size."""
    return values + size * np.random.default_rng(seed).standard_normal(len(values))


@pytest.mark.parametrize("points", [25, 100, 400])
def test_a_pause_of_validation_does_not_end_a_training(points):
    """Training falls straight, validation rests beside it: not finished; far above it: not so."""
    time = np.linspace(0, 1, points)
    training = noisy(1.2 - 0.6 * time, 0.01)
    paused = noisy(0.6 + 0.5 * settles(time), 0.01, seed=1)
    assert "not finished" in diagnose(run_of(training, paused)).holding
    assert not diagnose(run_of(training, paused + 0.15))["not finished"].holds


@pytest.mark.parametrize("points", [25, 100, 400])
def test_a_training_that_hardly_falls_is_finished(points):
    """Of training that falls slowly beside a validation at rest nothing is to be hoped."""
    time = np.linspace(0, 1, points)
    training = noisy(0.2 + 0.8 * settles(time) - 0.03 * time, 0.003)
    validation = noisy(0.2 + 0.8 * settles(time), 0.003, seed=1)
    assert diagnose(run_of(training, validation)).holding == ("good fit",)


def test_who_validates_well_does_not_underfit():
    """Augmentation may hold training high; what validation reached was learnt all the same."""
    time = np.linspace(0, 1, 60)
    training = 0.7 + 0.3 * settles(time)
    assert "underfitting" in diagnose(run_of(training, training + 0.02)).holding
    assert not diagnose(run_of(training, 0.3 + 0.7 * settles(time)))["underfitting"].holds


@pytest.mark.parametrize("points", [20, 100, 400])
def test_validation_that_wanders_is_too_small(points):
    """Slow ups and downs of validation beside a calm training are found, those of both are not."""
    time = np.linspace(0, 1, points)
    course = 0.1 + settles(time)
    wanders = 0.15 * np.sin(31 * time)
    alone = diagnose(run_of(noisy(course, 0.003), noisy(course + 0.05 + wanders, 0.003, seed=1)))
    assert alone["unrepresentative validation"].holds
    both = diagnose(run_of(noisy(course + wanders, 0.003), noisy(course + wanders, 0.003, seed=1)))
    assert not both["unrepresentative validation"].holds


def test_one_rise_is_no_wandering():
    """A course down and up again turns once, however far."""
    training, validation = SHAPES["overfitting"](np.linspace(0, 1, 200))
    assert not diagnose(run_of(training, validation))["unrepresentative validation"].holds


def test_turns_are_counted_by_their_size():
    """Small ups and downs on the way are none, and a sequence that stands still has none."""
    zigzag = np.array([0.0, 1.0, 0.8, 1.2, 0.0, 1.0])
    assert turns(zigzag, 0.9) == 3
    assert turns(zigzag, 0.1) == 5
    assert turns(np.zeros(5), 0.0) == 0


@pytest.mark.parametrize("rise", [0.13, 0.5])
def test_a_small_rise_leaves_a_wide_gap_to_be_explained(rise):
    """A gap of which a rise made little is also one of the images; else it is overfitting alone."""
    time = np.linspace(0, 1, 100)
    training = 0.02 + settles(time, 0.1)
    validation = 0.5 + 0.5 * settles(time, 0.08) + rise * np.clip(time - 0.4, 0, None) / 0.6
    found = diagnose(run_of(training, validation))
    assert found["overfitting"].holds
    assert found["unrepresentative training"].holds is (rise < 0.2)


def test_batches_that_differ_are_no_rate_too_high():
    """Training may jump by all that was learnt: where validation is calm, batches are small."""
    time = np.linspace(0, 1, 90)
    validation = noisy(0.5 + 0.2 * settles(time), 0.002)
    training = noisy(validation, 0.15, seed=1)
    found = diagnose(run_of(training, validation))
    assert not found["learning rate too high"].holds
    shaken = noisy(validation, 0.15, seed=2)
    assert diagnose(run_of(training, shaken))["learning rate too high"].holds


def test_a_burst_of_odd_images_is_no_rate_too_high():
    """Validation that explodes and stays far off training has odd images; near it, odd weights."""
    time = np.linspace(0, 1, 60)
    training = noisy(0.1 + 0.7 * settles(time), 0.045)
    near = training + 0.02
    near[3:6] = 8.0
    far = near + 0.4
    assert diagnose(run_of(training, near))["learning rate too high"].holds
    assert not diagnose(run_of(training, far))["learning rate too high"].holds


def test_validation_that_comes_down_to_training_is_at_rest():
    """Under an annealed rate, a validation that met a resting training has come to its end."""
    time = np.linspace(0, 1, 80)
    training = noisy(0.2 + 0.8 * settles(time), 0.003)
    late = np.maximum(training, 0.9 - 0.8 * np.clip(time - 0.1, 0, None))
    annealed = 1e-3 * (1 - time)
    assert diagnose(run_of(training, late, rate=annealed)).holding == ("good fit",)
    above = np.maximum(training + 0.07, 0.9 - 0.63 * time)
    assert diagnose(run_of(training, above, rate=annealed))["good fit"].holds is None


def test_below_zero_validation_must_lie_twice_as_far_to_be_easier():
    """Where a loss has no floor, no share of it tells dropout from easy images: its height must."""
    time = np.linspace(0, 1, 60)
    training = settles(time) - 0.9
    for lead, easier in ((0.14, False), (0.45, True)):
        found = diagnose(run_of(training, training - lead))["unrepresentative validation"]
        assert found.holds is easier
