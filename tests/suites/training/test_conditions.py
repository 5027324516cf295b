"""Laws of a diagnosis: each shape is named, at every scale and length, and no other is."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest

from suites.training.condition import Name
from suites.training.conditions import FLAWS, diagnose
from suites.training.overfitting import overfitting
from suites.training.reading import FEWEST, read
from tests.suites.training.shapes import SHAPES, named, run_of, settles, shaped, shown, turns

NAMES = get_args(Name)
SHIFTED = [name for name in SHAPES if name not in ("underfitting", "learning rate too high")]
"""Shapes whose rules do not count from zero."""


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("points", [24, 100, 400, 2000])
def test_each_shape_is_named_and_no_other(shape, points):
    """With little noise the shape's own condition holds, whatever the length, and it alone."""
    for seed in range(3):
        assert diagnose(shaped(shape, points=points, seed=seed)).holding == shown(shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_ten_epochs_accuse_of_what_is_beyond_doubt(shape):
    """A short log says of its shape what a long one does, or that it cannot tell, and no other."""
    found = diagnose(shaped(shape, points=10))
    assert set(found.holding) <= set(shown(shape))
    assert found[named(shape)].holds is not False
    if shape in ("good fit", "overfitting", "overfitting by a gap", "diverged"):
        assert named(shape) in found.holding


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", [1e-4, 37.0, 1e3])
def test_the_unit_of_the_loss_is_indifferent(shape, scale):
    """Multiplying both losses changes no verdict and no fraction."""
    plain, scaled = (diagnose(shaped(shape, noise=0.02, scale=one)) for one in (1.0, scale))
    assert [one.holds for one in plain.conditions] == [one.holds for one in scaled.conditions]
    for one, other in zip(plain.conditions, scaled.conditions, strict=True):
        for key in one.evidence:
            if key.endswith("_fraction"):
                assert other.evidence[key] == pytest.approx(one.evidence[key], abs=1e-6)


@pytest.mark.parametrize("shape", SHIFTED)
@pytest.mark.parametrize("offset", [-2.0, 5.0])
def test_a_constant_added_to_the_loss_changes_no_shape(shape, offset):
    """What is told from the course alone is told below zero, and far above it, as well."""
    plain, moved = (diagnose(shaped(shape, offset=one)) for one in (0.0, offset))
    for name in ("overfitting", "not finished"):
        assert moved[name].holds == plain[name].holds
    if offset < 0 and shape != "diverged":
        assert moved.holding == plain.holding


@pytest.mark.parametrize("shape", SHAPES)
def test_the_sampling_is_indifferent(shape):
    """A log with every fourth of its points, counted in steps, says the same."""
    fine = diagnose(shaped(shape, points=401, noise=0.0))
    coarse = diagnose(shaped(shape, points=101, noise=0.0, step=1000.0))
    assert coarse.holding == fine.holding == shown(shape)


def test_a_lone_spike_changes_nothing():
    """A single bad epoch, in training or in validation, is no condition."""
    time = np.linspace(0, 1, 60)
    training, validation = SHAPES["good fit"](time)
    for place in (7, 30, 50):
        for one, other in ((0.0, 3.0), (1.5, 0.0)):
            spiked = training.copy(), validation.copy()
            spiked[0][place] += one
            spiked[1][place] += other
            assert diagnose(run_of(*spiked)).holding == ("good fit",)


@pytest.mark.parametrize("noise", [0.05, 0.1, 0.3])
@pytest.mark.parametrize("points", [20, 60, 300])
def test_noise_alone_is_seldom_overfitting(noise, points):
    """Of curves that settle under noise of any size, at most one in twenty is accused."""
    accused = 0
    for seed in range(60):
        stream = np.random.default_rng(seed)
        course = 0.1 + settles(np.linspace(0, 1, points))
        noisy = course + 0.03 + noise * stream.standard_normal(points)
        accused += bool(overfitting(read(run_of(course, noisy))).holds)
    assert accused <= 3


def test_a_rise_is_found_as_soon_as_it_is_seen():
    """Validation that rises by a tenth of the height is overfitting, by a twentieth it is not."""
    time = np.linspace(0, 1, 80)
    training = 0.2 + 0.8 * settles(time, 0.1)
    course = 0.3 + 0.7 * settles(time, 0.08)
    later = np.clip(time - 0.4, 0, None) / 0.6
    held = {rise: diagnose(run_of(training, course + rise * later)) for rise in (0.03, 0.2)}
    assert held[0.2]["overfitting"].holds
    assert held[0.2]["overfitting"].span[0] == pytest.approx(32, abs=6)
    assert not held[0.03]["overfitting"].holds


def test_a_rise_that_training_shares_is_no_overfitting():
    """Where both rise the training broke down; the network did not learn what was no use."""
    time = np.linspace(0, 1, 80)
    course = turns(time)
    assert not diagnose(run_of(course - 0.05, course))["overfitting"].holds


def test_a_rise_that_training_shares_in_part_is_no_overfitting():
    """Where training breaks down by most of what validation rises, it did not learn by heart."""
    time = np.linspace(0, 1, 80)
    rise = 0.5 * np.clip(time - 0.35, 0, None) / 0.65
    for share, holds in ((0.0, True), (0.7, False)):
        training = 0.2 + 0.75 * settles(time, 0.09) + share * rise
        validation = 0.25 + 0.75 * settles(time, 0.09) + rise
        assert bool(diagnose(run_of(training, validation))["overfitting"].holds) is holds


def test_overfitting_is_seen_without_the_training_loss():
    """A rise of validation is told alone; what needs both curves is not."""
    time = np.linspace(0, 1, 80)
    found = diagnose(run_of(None, turns(time)))
    assert found["overfitting"].holds
    for name in ("not finished", "unrepresentative training", "underfitting", "diverged"):
        assert found[name].holds is None


@pytest.mark.parametrize("points", range(2, FEWEST))
@pytest.mark.parametrize("shape", sorted(set(SHAPES) - {"diverged"}))
def test_fewer_than_eight_points_accuse_of_nothing(shape, points):
    """Whatever a handful of epochs looks like, nothing is said to hold, and nothing to be good."""
    assert diagnose(shaped(shape, points=points)).holding == ()


def test_without_validation_most_is_left_unsaid():
    """Conditions of both curves abstain with a reason; those of training alone do not."""
    found = diagnose(run_of(0.05 + settles(np.linspace(0, 1, 50)), None))
    unsaid = {one.name for one in found.conditions if one.holds is None}
    assert unsaid == {
        "overfitting",
        "unrepresentative training",
        "unrepresentative validation",
        "not finished",
        "good fit",
    }
    assert found.holding == ()


def test_who_learns_nothing_does_not_overfit():
    """Validation may rise while training stays where it was: running averages settle."""
    time = np.linspace(0, 1, 40)
    stream = np.random.default_rng(0)
    flat = 0.6 + 0.005 * stream.standard_normal(40)
    assert diagnose(run_of(flat, 0.6 - 0.1 * settles(time))).holding == ("underfitting",)


def test_a_wild_first_validation_hides_no_gap():
    """A gap is compared with the height of training, for first validations lie anywhere."""
    time = np.linspace(0, 1, 60)
    training, validation = SHAPES["unrepresentative training"](time)
    validation[:2] += 20
    assert diagnose(run_of(training, validation)).holding == ("unrepresentative training",)


def test_a_leap_above_the_first_value_is_a_rate_too_high():
    """A loss that leaps far above its start and comes down again took too long steps."""
    time = np.linspace(0, 1, 50)
    training, validation = SHAPES["good fit"](time)
    training[6:9] += 5
    assert diagnose(run_of(training, validation)).holding == ("learning rate too high",)
    training[6:9] -= 4.5
    assert diagnose(run_of(training, validation)).holding == ("good fit",)


def test_noise_of_training_does_not_hide_an_unfinished_validation():
    """Validation that falls steadily is unfinished, though training is too noisy to tell."""
    time = np.linspace(0, 1, 30)
    training, validation = SHAPES["not finished"](time)
    noisy = training + 0.1 * np.random.default_rng(0).standard_normal(30)
    assert diagnose(run_of(noisy, validation))["not finished"].holds
    rising = np.where(time > 0.5, 1.6 * time, training)
    assert not diagnose(run_of(rising, validation))["not finished"].holds


def test_an_annealed_rate_leaves_the_end_untold():
    """Where the learning rate was brought to nothing, curves rest whether or not they are done."""
    time = np.linspace(0, 1, 60)
    losses = SHAPES["not finished"](time)
    assert diagnose(run_of(*losses, rate=1e-3 + 0 * time))["not finished"].holds
    assert diagnose(run_of(*losses, rate=1e-3 * (1 - time)))["not finished"].holds is None


def test_fewer_than_twenty_points_leave_the_end_untold():
    """Nineteen points abstain, twenty do not."""
    time = np.linspace(0, 1, 20)
    assert diagnose(run_of(*SHAPES["not finished"](time)))["not finished"].holds
    fewer = diagnose(run_of(*(one[:19] for one in SHAPES["not finished"](time))))
    assert fewer["not finished"].holds is None
    assert fewer["good fit"].holds is None


def test_a_loss_below_zero_has_no_floor():
    """Underfitting abstains where a share of the loss means nothing, unless nothing was learnt."""
    time = np.linspace(0, 1, 60)
    falling = -0.1 - 0.85 * (1 - settles(time))
    found = diagnose(run_of(falling, falling - 0.02))
    assert found["underfitting"].holds is None
    assert found.holding == ("good fit",)
    stream = np.random.default_rng(0)
    nothing = -0.5 + 0.01 * stream.standard_normal(60)
    assert diagnose(run_of(nothing, nothing + 0.001))["underfitting"].holds


def test_validation_a_little_below_training_is_explained():
    """Dropout and averages put validation below training: it is said, and not accused."""
    time = np.linspace(0, 1, 60)
    training = 0.2 + 0.8 * settles(time)
    found = diagnose(run_of(training, training - 0.04))["unrepresentative validation"]
    assert not found.holds
    assert "dropout" in found.because


def test_noisy_validation_is_found_where_training_is_calm():
    """Validation that scatters much more than training is too small; both alike are not."""
    stream = np.random.default_rng(0)
    course = 0.1 + settles(np.linspace(0, 1, 100))
    noisy = course + 0.15 * stream.standard_normal(100)
    found = diagnose(run_of(course, noisy))
    assert found["unrepresentative validation"].holds
    assert not diagnose(run_of(noisy, noisy))["unrepresentative validation"].holds


@pytest.mark.parametrize("shape", SHAPES)
def test_every_condition_has_a_sentence_and_its_numbers(shape):
    """What is said is one sentence with an end, its numbers are finite, its span on the curve."""
    for one in diagnose(shaped(shape, noise=0.05)).conditions:
        assert one.because[0].isupper()
        assert one.because.endswith(".")
        assert "nan" not in one.because
        assert all(math.isfinite(value) for value in one.evidence.values())
        assert one.span is None or 0 <= one.span[0] <= one.span[1] <= 99
        assert one.span is None or one.holds


@pytest.mark.parametrize(
    "losses",
    [
        ([], []),
        ([1.0], [1.0]),
        ([1.0, 1.0], [2.0, 2.0]),
        ([0.0] * 30, [0.0] * 30),
        ([math.nan] * 9, [math.nan] * 9),
        ([1.0, 0.5, 0.2], None),
        (None, None),
        ([1e60, 1e-60] * 10, [1e60] * 20),
    ],
)
def test_nothing_breaks_on_odd_logs(losses):
    """Empty, constant, tiny and absurd curves are answered, with eight conditions each."""
    training, validation = losses
    run = run_of(training or None, validation or None, at=range(len(training or ())))
    found = diagnose(run)
    assert tuple(one.name for one in found.conditions) == NAMES
    assert len(FLAWS) + 1 == len(NAMES)
    assert read(run).height >= 0
