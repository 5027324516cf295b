"""Laws of what is called true of a training: bounds with a margin, and what a log cannot show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.baselines.trainings.labels import CONDITIONS, labels
from tests.baselines.trainings.oracle import Findings

GOOD = Findings(
    finite=True,
    epochs=40,
    hidden_start=1.0,
    hidden_end=0.2,
    training_end=0.18,
    rise=0.01,
    lowest_at=0.9,
    training_rise=0.0,
    gap=0.02,
    gap_growth=0.0,
    bias=0.0,
    ease=0.0,
    scatter=0.01,
    swing=0.01,
    hidden_swing=0.01,
    gain=0.02,
)


def true(**changed):
    """Return the conditions that hold when findings of a good training are changed."""
    said = labels(replace(GOOD, **changed), annealed=False)
    return [name for name in CONDITIONS if said[name]]


def unknown(*, annealed=False, **changed):
    """Return the conditions of which nothing is said when findings are changed."""
    said = labels(replace(GOOD, **changed), annealed=annealed)
    return [name for name in CONDITIONS if said[name] is None]


@pytest.mark.parametrize(
    ("changed", "condition"),
    [
        ({}, "good fit"),
        ({"rise": 0.12, "lowest_at": 0.3, "gap": 0.15}, "overfitting"),
        ({"gap": 0.25}, "unrepresentative training"),
        ({"gain": 0.25}, "not finished"),
        ({"training_end": 0.7, "capable": 0.2}, "underfitting"),
        ({"bias": -0.1, "ease": 0.06}, "unrepresentative validation"),
        ({"scatter": 0.06}, "unrepresentative validation"),
        ({"swing": 0.05, "calm": 0.1}, "learning rate too high"),
        ({"hidden_end": 40.0, "training_end": 40.0}, "diverged"),
        ({"finite": False, "hidden_end": None, "training_end": None}, "diverged"),
    ],
)
def test_each_condition_is_true_beyond_its_bound(changed, condition):
    """One finding beyond its bound makes one condition true, and the fit no longer good."""
    assert true(**changed) == [condition]


@pytest.mark.parametrize(
    ("changed", "condition"),
    [
        ({"rise": 0.07, "gap": 0.08}, "overfitting"),
        ({"gap": 0.15}, "unrepresentative training"),
        ({"gain": 0.15}, "not finished"),
        ({"training_end": 0.45, "capable": 0.2}, "underfitting"),
        ({"bias": 0.1, "gap": 0.25}, "unrepresentative validation"),
        ({"swing": 0.03, "calm": 0.1}, "learning rate too high"),
    ],
)
def test_between_its_bounds_a_condition_is_not_known(changed, condition):
    """What lies between the bounds counts for neither side, and the fit may be good or not."""
    assert condition in unknown(**changed)


def test_an_overfit_network_is_not_asked_whether_its_training_images_were_too_few():
    """A rise explains the gap that comes with it."""
    assert "unrepresentative training" in unknown(rise=0.2, lowest_at=0.3, gap=0.4)


def test_an_easy_validation_set_hides_what_only_other_images_show():
    """Beside easy validation images, overfitting is not known; that there is none still is."""
    easy = {"bias": -0.15, "ease": 0.06}
    assert "overfitting" in unknown(**easy, rise=0.2, lowest_at=0.3, gap=0.2)
    assert "overfitting" not in unknown(**easy)


def test_hard_validation_images_look_like_a_gap():
    """Beside validation images that are harder than others, small gaps and rises are not known."""
    assert {"overfitting", "unrepresentative training"} < set(unknown(bias=0.1, gap=0.06))


def test_a_second_fall_after_a_rest_is_foretold_by_no_log():
    """Who would gain although the hidden loss had stopped falling is not asked about the end."""
    assert "not finished" in unknown(gain=0.3, lowest_at=0.7)
    assert "not finished" not in unknown(gain=0.05, lowest_at=0.7)


def test_a_rate_annealed_to_zero_tells_nothing_of_longer_training():
    """What a longer schedule would have gained is not asked of a log that ends at a rate of 0."""
    assert "not finished" in unknown(annealed=True, gain=0.3)
    assert true(gain=0.3) == ["not finished"]
