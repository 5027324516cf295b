"""Laws of the advice: the best epoch, what early stopping saves, what training on would gain."""

from __future__ import annotations

import numpy as np
import pytest

from suites.training import Advice
from suites.training.conditions import diagnose
from suites.training.recommendation import REMEDIES, advise
from suites.training.spoken import digits
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
    assert "which is within noise" in found.because
    assert found.because.endswith("but the training overfitted.")


def test_where_the_best_is_the_last_it_is_published_whatever_holds():
    """Training may leave validation behind while both fall: then no checkpoint beats the last."""
    time = np.linspace(0, 1, 100)
    run = run_of(0.02 + settles(time, 0.4), 0.6 + 0.4 * settles(time, 0.05) - 0.02 * time)
    found = advise(run)
    assert diagnose(run)["overfitting"].holds
    assert found.publish == "last"
    assert found.because.startswith(
        "Publish the last checkpoint: validation loss ends at the lowest"
    )


@pytest.mark.parametrize("points", [7, 40, 3000])
def test_what_is_said_of_the_end_and_the_best_was_logged(points):
    """The numbers of the sentences are values of the log, at the epochs at which they stand."""
    run = shaped("overfitting", points=points)
    found, values = advise(run), run.validation.values
    best = (
        f"the lowest that lasted is {digits(values[int(found.best_at)])} at epoch {found.best_at:g}"
    )
    said = f"alidation loss ends at {digits(values[-1])}, {best}"
    assert said in found.because
    assert said in diagnose(run)["overfitting"].because


def test_the_best_epoch_lies_in_a_narrow_valley():
    """Three epochs of a hundred are seen, a lone low value among higher ones is luck."""
    time = np.linspace(0, 1, 100)
    validation = 1.5 + settles(time) + 0.7 * np.clip(time - 0.55, 0, 0.1) / 0.1
    validation[50:53] = 1.3, 1.2, 1.25
    validation[20] = 0.5
    assert advise(run_of(0.4 + settles(time, 0.4), validation)).best_at == 51


@pytest.mark.parametrize(("share", "since"), [(0.2, None), (0.5, 50.0)])
def test_a_rate_that_collapsed_early_is_said(share, since):
    """A rate of a thousandth through half of the training wasted it; a short end does not."""
    rate = np.where(np.arange(100) < 100 * (1 - share), 1e-3, 1e-6)
    run = run_of(*SHAPES["good fit"](np.linspace(0, 1, 100)), rate=rate)
    found = {row.metric: row for row in Advice().rows(run)}
    assert (found["idle_from"].value if since else None) == since
    assert ("idle_from" in found) is bool(since)
    assert ("the network hardly moved" in found["publish_best"].remark) is bool(since)


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
def test_the_gravest_flaw_has_its_remedy_and_no_other(shape):
    """One remedy is given, for two may contradict each other; a good fit asks for nothing."""
    run = shaped(shape)
    gravest = diagnose(run).holding[0]
    assert advise(run).remedy == REMEDIES.get(gravest, "")


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
