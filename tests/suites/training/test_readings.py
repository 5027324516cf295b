"""Readings of curves that were once misread: each a small course, and what is to be said of it."""

from __future__ import annotations

import numpy as np
import pytest

from suites.training.conditions import diagnose
from suites.training.recommendation import advise
from tests.suites.training.shapes import run_of, settles


def epochs(count):
    """Return the numbers of epochs from 0."""
    return np.arange(float(count))


def sawtooth(count, size):
    """Return noise of period three, the same each time it is asked for."""
    return size * (epochs(count) % 3 - 1)


def named(run):
    """Return the names of the conditions that hold."""
    return set(diagnose(run).holding)


def test_one_late_validation_value_breaks_no_rule():
    """Two validations in eight epochs leave every rule its say, and no rule fails."""
    at = epochs(8)
    validation = np.where(at == 3, 0.6, np.where(at == 7, 0.5, np.nan))
    found = diagnose(run_of(0.8 - 0.1 * at, validation))
    assert all(one.asked for one in found.conditions)
    assert found.holding == ()


@pytest.mark.parametrize("hiccup", [0.0, 1.6])
def test_a_hiccup_of_two_epochs_hides_no_overfitting(hiccup):
    """Validation that climbs to five times its start is overfitting, whatever training did once."""
    at = epochs(60)
    training = 0.03 + 2.3 * np.exp(-np.clip(at - 8, 0, None) / 10)
    training[51:53] += hiccup
    validation = 2.3 + 0.2 * np.clip(at - 10, 0, None)
    assert named(run_of(training, validation)) == {"overfitting"}


def test_a_turn_in_the_last_epochs_is_the_end():
    """Four epochs in which the curves part are no rest, and what is said is what was logged."""
    at = epochs(60)
    wobble = sawtooth(60, 0.005)
    training, validation = (0.9 + 1.3 * np.exp(-at / 6) + wobble for _ in range(2))
    training[-4:], validation[-4:] = (0.8, 0.6, 0.4, 0.25), (1.0, 1.1, 1.2, 1.3)
    found = diagnose(run_of(training, validation + 0.05))
    assert found.holding == ("overfitting",)
    assert "ends at 1.35" in found["overfitting"].because


def test_steps_of_the_learning_rate_are_no_noise():
    """A rise after the last of three steps is seen beside falls that were many times as large."""
    at = epochs(200)
    stairs = 2.0 - 0.5 * (at >= 100) - 0.4 * (at >= 150)
    training = stairs + 0.15 * np.exp(-(at % 50) / 12)
    validation = stairs + sawtooth(200, 0.01) + 0.004 * np.clip(at - 155, 0, None)
    found = diagnose(run_of(training, validation))
    assert found.holding == ("overfitting",)
    assert found["unrepresentative training"].holds is not True


@pytest.mark.parametrize(
    "losses",
    [
        # Both still fall, as in a log of a first few epochs.
        (1.2 - 0.1 * np.sqrt(epochs(5)), 1.05 - 0.06 * np.sqrt(epochs(5))),
        # A noisy straight fall by a quarter.
        (20.5 - 0.5 * epochs(12) + sawtooth(12, 1.0), 38 - 1.1 * epochs(12)),
        # A network that was trained before, and is tuned.
        (0.23 + 0.16 * np.exp(-epochs(12) / 2), None),
        # A loss whose floor is noise: most of its fall is done in the first epoch.
        (0.5 + 0.4 * np.exp(-2 * epochs(60)), 0.5 + 0.4 * np.exp(-2 * epochs(60))),
    ],
)
def test_a_loss_that_ends_high_is_not_always_underfitted(losses):
    """Still falling, tuned, or floored by noise: high alone accuses nobody."""
    found = diagnose(run_of(*losses))
    assert found["underfitting"].holds is not True
    assert "stays there" not in found["underfitting"].because


def test_a_log_that_begins_late_tells_nothing_of_what_was_learnt():
    """From epoch 350 on the curves are nearly flat: that is neither underfitting nor a gap."""
    at = 350 + 3 * epochs(56)
    training = 0.895 + 0.09 * settles(epochs(56), 12) + sawtooth(56, 0.005)
    validation = 0.945 + 0.055 * settles(epochs(56), 12) + sawtooth(56, 0.005)
    found = diagnose(run_of(training, validation, at=at))
    assert found.holding == ()
    assert "begins at epoch 350" in found["underfitting"].because


def test_a_gap_that_grows_from_the_first_epoch_is_overfitting_alone():
    """Validation that is lowest at once lacks no images of a kind that anybody measured."""
    at = epochs(15)
    training, validation = 0.1 + 1.2 * np.exp(-at / 4), 1.0 + 0.025 * at
    found = diagnose(run_of(training, validation))
    assert found.holding == ("overfitting",)
    assert found["overfitting"].span[0] == 0


def test_validation_that_lags_for_six_epochs_is_no_good_fit_and_no_flaw():
    """Both fall, one behind the other: so few epochs tell neither rest nor a gap."""
    at = epochs(6)
    assert named(run_of(0.05 + 1.3 * np.exp(-1.2 * at), 0.2 + 0.9 * np.exp(-0.5 * at))) == set()


@pytest.mark.parametrize("gap", [-8.0, 8.0])
def test_losses_that_were_apart_from_the_first_are_measured_differently(gap):
    """A distance that is wider than either fall, and was there at once, is none of the images."""
    training = 11 + 1.9 * np.exp(-epochs(30) / 4)
    found = diagnose(run_of(training, 11 + gap + np.exp(-epochs(30) / 4)))
    assert found.holding == ()
    which = "unrepresentative validation" if gap < 0 else "unrepresentative training"
    assert found[which].holds is None
    assert "measured differently" in found[which].because


def test_a_huge_first_loss_makes_nothing_flat():
    """Validation that never improved is no good fit, however far training fell at first."""
    training = 6 + 360 * np.exp(-epochs(60) / 3)
    found = diagnose(run_of(training, 15.2 + sawtooth(60, 0.2)))
    assert found["good fit"].holds is not True
    assert found["unrepresentative training"].holds is not True


def test_what_still_falls_is_not_told_to_stop_and_to_go_on():
    """Both losses fall faster and faster, training ahead: not finished, with one remedy."""
    at = epochs(101)
    training = 0.64 + 0.05 * np.exp(-at / 4) - 1e-7 * at**3
    validation = 0.655 + 0.035 * np.exp(-at / 4) - 6e-8 * at**3
    run = run_of(training, validation)
    assert named(run) == {"not finished"}
    assert advise(run).remedy.startswith("Train on")


def test_five_epochs_of_which_the_last_is_worse_are_no_overfitting():
    """One validation out of five is a rise of nothing; it is not acquitted either."""
    found = diagnose(run_of(0.24 + 0.2 * 0.5 ** epochs(5), [0.56, 0.45, 0.4, 0.32, 0.38]))
    assert found.holding == ()
    assert found["overfitting"].holds is None
    assert "5 points are too few" in found["overfitting"].because


def test_without_training_nothing_is_said_of_it():
    """Validation down and up again is overfitting; that training shares it or not is unknown."""
    at = epochs(30)
    validation = np.where(at < 16, 1 - 0.03 * at, 0.55 + 0.02 * (at - 15))
    found = diagnose(run_of(None, validation))
    assert found.holding == ("overfitting",)
    assert "does not share" not in found["overfitting"].because
    assert "not logged" in found["overfitting"].because


def test_validation_that_never_fell_has_not_nearly_done_its_fall():
    """What stays where it began while training goes to nothing is said to have stayed there."""
    found = diagnose(run_of(0.05 + 0.9 * np.exp(-epochs(60) / 10), 1.02 + sawtooth(60, 0.02)))
    assert found.holding == ("overfitting",)
    assert found["overfitting"].because.startswith("Validation loss never falls beyond noise")


def test_a_wide_gap_that_still_grows_is_left_open():
    """A slow rise under a sawtooth: not the images' fault, not surely overfitting, and not good."""
    at = epochs(29)
    training = 0.08 + 1.8 * np.exp(-at / 4)
    validation = 0.33 + 0.95 * np.exp(-at / 3) + 0.0035 * at + sawtooth(29, 0.03)
    found = diagnose(run_of(training, validation))
    assert found["unrepresentative training"].holds is not True
    assert found["good fit"].holds is not True
    assert found["overfitting"].holds is not False


def test_a_narrow_valley_holds_the_best_epoch():
    """Three epochs right after a step of the rate are the best there were, and are named."""
    at = epochs(100)
    training = 1.4 + 1.8 * np.exp(-at / 10) - 0.02 * np.clip(at - 50, 0, None)
    validation = 1.5 + 1.8 * np.exp(-at / 10) + 0.7 * (at > 53) + sawtooth(100, 0.02)
    validation[50:53] = 1.15, 1.1, 1.2
    run = run_of(training, validation)
    assert named(run) == {"overfitting"}
    assert advise(run).best_at == 51
    assert "1.1 at epoch 51" in advise(run).because


def test_a_rule_that_fails_takes_no_other_along(monkeypatch):
    """What cannot be asked says so and why; it is no acquittal, and the others stand."""
    from suites.training import conditions

    def fails(_):
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setitem(conditions.FLAWS, "unrepresentative training", fails)
    at = epochs(40)
    found = diagnose(run_of(0.1 + np.exp(-at / 8), 0.4 + 0.6 * np.exp(-at / 4) + 0.02 * at))
    assert found.holding == ("overfitting",)
    failed = found["unrepresentative training"]
    assert (failed.holds, failed.asked) == (None, False)
    assert "division by zero" in failed.because
