"""Laws of the advice: the best epoch, what early stopping saves, what training on would gain."""

from __future__ import annotations

import numpy as np
import pytest

from suites.training import Advice
from suites.training.conditions import diagnose
from suites.training.recommendation import REMEDIES, advise
from tests.suites.training.shapes import SHAPES, logged, run_of, settles, shaped
from tests.toys import raw_threshold, rows_of


def rows(*runs):
    """Return the probe's rows by metric."""
    return {row.metric: row for row in rows_of(Advice(), raw_threshold(), log=logged(*runs))}


def test_an_overfitted_training_is_published_at_its_best():
    """The best epoch is where validation turns, and what comes after it was wasted."""
    found = advise(shaped("overfitting", points=200))
    assert found.best_at == pytest.approx(0.35 * 199, abs=15)
    assert found.saved_fraction == pytest.approx(1 - found.best_at / 199)
    assert found.publish == "best"


def test_where_overfitting_holds_the_best_is_published_though_noise_hides_the_end():
    """A gap that opens is overfitting while validation stands still: the rule's remedy is kept."""
    run = shaped("overfitting by a gap", noise=0.05)
    found = advise(run)
    assert diagnose(run)["overfitting"].holds
    assert found.publish == "best"
    assert "within noise" in found.because
    assert found.because.endswith("but the training overfitted.")


def test_where_the_best_is_the_last_it_is_published_whatever_holds():
    """Training may leave validation behind while both fall: then no checkpoint beats the last."""
    time = np.linspace(0, 1, 100)
    run = run_of(0.02 + settles(time, 0.4), 0.6 + 0.4 * settles(time, 0.05) - 0.02 * time)
    found = advise(run)
    assert diagnose(run)["overfitting"].holds
    assert found.publish == "last"
    assert found.because.startswith("Publish the last checkpoint: smoothed validation loss ends at")


@pytest.mark.parametrize(("points", "smoothed"), [(7, False), (40, True)])
def test_what_is_said_of_levels_is_called_smoothed(points, smoothed):
    """A level is a median of values, and is named as one; of a few values each is its own."""
    found = advise(shaped("overfitting", points=points))
    assert ("smoothed validation loss" in found.because) is smoothed
    because = diagnose(shaped("overfitting", points=points))["overfitting"].because
    assert because.startswith("Smoothed") is smoothed


def test_a_training_that_falls_to_its_end_is_published_at_its_end():
    """Where the last level is the lowest, there is no better checkpoint, and nothing was wasted."""
    found = advise(shaped("not finished", points=200))
    assert found.publish == "last"
    assert found.saved_fraction < 0.1


def test_a_level_end_leaves_the_choice():
    """Where the end is as good as the best within noise, either may be published."""
    time = np.linspace(0, 1, 200)
    stream = np.random.default_rng(3)
    course = 0.1 + settles(time, 0.03) + 0.02 * stream.standard_normal(200)
    assert advise(run_of(course, course)).publish != "best"


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e3])
def test_the_gain_of_training_on_is_that_of_a_known_course(scale):
    """A power of the time is followed beyond its end, and its interval holds the truth."""
    stream = np.random.default_rng(0)
    course = scale * (np.arange(1, 101.0) ** -0.5 + 0.001 * stream.standard_normal(100))
    truth = scale * (100**-0.5 - 200**-0.5)
    found = advise(run_of(course, course))
    assert found.gain.low < truth < found.gain.high
    assert found.gain.value == pytest.approx(truth, rel=0.3)
    assert found.gain_fraction == pytest.approx(truth / (scale * (1 - 100**-0.5)), rel=0.3)


def test_the_interval_holds_what_comes_to_rest_sooner():
    """Of an exponential, which no power follows, the gain is inside the interval all the same."""
    stream = np.random.default_rng(0)
    course = settles(np.linspace(0, 1, 100), 0.6) + 0.002 * stream.standard_normal(100)
    gain = advise(run_of(course, course)).gain
    assert gain.low < settles(1.0, 0.6) - settles(2.0, 0.6) < gain.high


def test_where_nothing_can_be_extrapolated_the_reason_is_said():
    """Few points and an annealed rate give no gain, and say so."""
    short = rows(shaped("good fit", points=10))
    assert short["loss_gain"].value is None
    assert "too few points" in short["loss_gain"].undefined
    time = np.linspace(0, 1, 60)
    rested = rows(run_of(*SHAPES["good fit"](time), rate=1 - time))
    assert "annealed" in rested["loss_gain"].undefined


def test_a_run_without_a_curve_gives_no_advice():
    """Nothing is advised about nothing."""
    empty = rows(run_of(None, None, at=()))
    assert {row.value for row in empty.values()} == {None}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_flaw_has_its_remedy(shape):
    """What holds is answered by its remedy, as a sentence; a good fit asks for nothing."""
    run = shaped(shape)
    wanted = tuple(REMEDIES[name] for name in diagnose(run).holding if name != "good fit")
    assert advise(run).remedies == wanted
    assert all(one.endswith(".") for one in wanted)


def test_the_rows_are_the_advice():
    """Best epoch, saved share, choice and gain stand in the record, the choice with its reason."""
    run = shaped("overfitting")
    found, row = advise(run), rows(run)
    assert row["best_at"].value == found.best_at
    assert row["saved_fraction"].value == pytest.approx(found.saved_fraction)
    assert row["publish_best"].value == 1.0
    assert [row[name].value for name in ("loss_gain", "loss_gain_low", "loss_gain_high")] == list(
        found.gain
    )
