"""Laws of failure: what a failed image may hide is never taken for granted."""

from __future__ import annotations

import pytest

from tests.audit.policy.ruling import PASS, UNDECIDED, around, judged, rows, rule
from tests.toys import add


def fail(record, name, probe="pipeline.score"):
    """Write a unit of an image on which the model failed."""
    add(record, [], probe=probe, status="failed", reason="no", samples=(name,))


def test_failed_images_are_imputed(record):
    """A verdict stands only if the worst and the best results of failed images agree on it."""
    add(record, rows(around(0.99, n=40, spread=0.001)))
    fail(record, "x")
    stands, turns = judged(record, rule(at_least=0.5), rule("two", at_least=0.985))
    assert stands.verdict is PASS
    assert "It stands whatever the 1 failed images hold" in stands.because
    assert turns.verdict is UNDECIDED
    assert "could turn the verdict" in turns.because


def test_a_failed_clean_image_is_a_failed_drop(record):
    """Where the untouched image failed there is no drop, and that is not passed over."""
    add(record, rows(around(0.9)))
    add(record, rows(around(0.9, n=13), x=1.0), probe="shift.a")
    fail(record, "012")
    one = rule(probe="shift.a", at={"x": 1.0}, against=("clean",), at_most=0.03)
    (outcome,) = judged(record, one)
    assert outcome.verdict is UNDECIDED
    assert "failed on 1 more images" in outcome.because


def test_an_unbounded_metric_cannot_be_imputed(record):
    """Where nobody knows how bad a failed image may be, one is enough to leave a rule undecided."""
    add(record, rows(around(40.0), "snr_db"))
    (before,) = judged(record, rule(metric="snr_db", at_least=10.0))
    fail(record, "x")
    (after,) = judged(record, rule(metric="snr_db", at_least=10.0))
    assert (before.verdict, after.verdict) == (PASS, UNDECIDED)


def test_a_difference_of_drops_is_imputed_in_full(record):
    """Beyond the reference's drop an image may have lost twice as much as a score can hold."""
    record.assign("reference", "r", "reference")
    values = around(0.9, n=30, spread=0.001)
    for model in ("m", "r"):
        add(record, rows(values), model=model)
        add(record, rows(values, x=1.0), probe="shift.a", model=model)
    fail(record, "x", "shift.a")
    given = {"probe": "shift.a", "at": {"x": 1.0}, "against": ("clean", "reference")}
    wide, narrow = judged(record, rule(at_most=0.5, **given), rule("b", at_most=0.15, **given))
    assert (wide.verdict, narrow.verdict) == (PASS, UNDECIDED)


def test_all_images_failed(record):
    """Where the model failed everywhere there is nothing to judge, and the reason is said."""
    fail(record, "x")
    (outcome,) = judged(record, rule())
    assert outcome.verdict is UNDECIDED
    assert outcome.because.endswith(" was not judged: pipeline.score failed: no.")


@pytest.mark.parametrize("choice", [1, 2])
def test_a_worst_case_imputes_every_choice(record, choice):
    """A failed image counts as worst at every choice, one that is called 1 included."""
    for k in (choice, choice + 1):
        add(record, rows(around(0.99, n=40, spread=0.001), draw=k), probe="shift.a")
    fail(record, "x", "shift.a")
    given = {"probe": "shift.a", "statistic": "worst", "over": "draw"}
    good, bad = judged(record, rule(**given, at_least=0.5), rule("b", **given, at_least=0.985))
    assert (good.verdict, bad.verdict) == (PASS, UNDECIDED)
