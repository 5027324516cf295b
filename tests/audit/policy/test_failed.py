"""Laws of failure: what a failed image may hide is never taken for granted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.quantities.evidence import gather
from audit.quantities.table import Place
from tests.audit.ruling import PASS, UNDECIDED, around, judged, rows, rule
from tests.toys import add, scenes


def fail(record, name, probe="pipeline.score"):
    """Write a unit of an image on which the model failed."""
    add(record, [], probe=probe, status="failed", reason="no", samples=(name,))


def test_failed_images_are_imputed(record):
    """A verdict stands only if the worst and the best results of failed images agree on it."""
    add(record, rows(around(0.99, n=40, spread=0.001)))
    fail(record, "x")
    stands, turns = judged(record, rule(at_least=0.5), rule("two", at_least=0.985))
    assert stands.verdict is PASS
    assert "It stands whatever the 1 more on which the model failed hold" in stands.because
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
    assert "the 1 more on which the model failed could turn the verdict" in outcome.because


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
    wide, narrow = judged(record, rule(at_most=0.5, **given), rule("b", at_most=0.03, **given))
    assert (wide.verdict, narrow.verdict) == (PASS, UNDECIDED)


def test_all_images_failed(record):
    """Where the model failed everywhere there is nothing to judge, and the reason is said."""
    fail(record, "x")
    (outcome,) = judged(record, rule())
    assert outcome.verdict is UNDECIDED
    assert outcome.because.endswith(" was not judged: the model failed: no.")


@pytest.mark.parametrize("choice", [1, 2])
def test_a_worst_case_imputes_every_choice(record, choice):
    """A failed image counts as worst at every choice, one that is called 1 included."""
    for k in (choice, choice + 1):
        add(record, rows(around(0.99, n=40, spread=0.001), draw=k), probe="shift.a")
    fail(record, "x", "shift.a")
    given = {"probe": "shift.a", "statistic": "worst", "over": "draw"}
    good, bad = judged(record, rule(**given, at_least=0.5), rule("b", **given, at_least=0.985))
    assert (good.verdict, bad.verdict) == (PASS, UNDECIDED)


def test_unread_images_are_imputed(record):
    """Six good images of 24 carry no verdict, whenever the other 18 turned out to be unreadable."""
    add(record, rows(around(0.99, n=6, spread=0.001)))
    (before,) = judged(record, rule(at_least=0.5))
    for number in range(9):
        add(record, [], status="unread", reason="cut short", samples=(f"cut {number}",))
    record.describe(refused=[[f"no {number}", "no image", "test"] for number in range(9)])
    (after,) = judged(record, rule(at_least=0.5))
    assert (before.verdict, after.verdict) == (PASS, UNDECIDED)
    assert (
        "The results of the 18 more that could not be read could turn the verdict." in after.because
    )


def test_few_unread_images_leave_a_clear_verdict(record):
    """One image of forty turns no verdict that is far from its bound, and that is said."""
    add(record, rows(around(0.99, n=40, spread=0.001)))
    record.describe(refused=[["no", "no image", "test"]])
    stands, turns = judged(record, rule(at_least=0.5), rule("two", at_least=0.985))
    assert (stands.verdict, turns.verdict) == (PASS, UNDECIDED)
    assert "It stands whatever the 1 more that could not be read hold." in stands.because


@pytest.mark.parametrize("part", ["train", "other", ""])
def test_only_test_images_count_as_unread(record, part):
    """A training image, an image of another set or a mask without image bounds nothing."""
    add(record, rows(around(0.99)))
    record.describe(refused=[["no", "no image", part]] * 18)
    (outcome,) = judged(record, rule(at_least=0.95))
    assert outcome.verdict is PASS


def test_images_elsewhere_owe_nothing_to_unread_test_images(record):
    """A rule on other images than those of the test set is not bounded by what that set lost."""
    record.enlist(replace(one, part="other") for one in scenes(12))
    names = [f"scene/{number:02d}" for number in range(12)]
    found = [replace(row, sample=name) for row, name in zip(rows(around(0.9)), names, strict=True)]
    add(record, found, probe="shift.further")
    record.describe(refused=[["no", "no image", "test"]] * 18)
    (outcome,) = judged(record, rule(probe="shift.further"))
    assert outcome.verdict is PASS


def test_an_unread_frame_of_a_movie_is_no_witness_of_its_own(record):
    """Where all frames are of one movie, a refused one is taken for the next of its frames."""
    movie = [replace(one, group="m", frame=n) for n, one in enumerate(scenes(16))]
    record.enlist(movie)
    found = [
        replace(row, sample=one.id) for row, one in zip(rows(around(0.9, 16)), movie, strict=True)
    ]
    add(record, found)
    record.describe(refused=[["no", "no image", "test"]])
    evidence = gather(record, rule())
    assert evidence.unread == (Place(group="m", frame=16, movie=True),)


def test_what_a_probe_could_not_ask_is_imputed(record):
    """An image that a probe skipped, the rest being measured, is bounded like a failed one."""
    add(record, rows(around(0.99)))
    add(record, [], status="skipped", reason="strange", samples=("x",))
    (outcome,) = judged(record, rule(at_least=0.985))
    assert outcome.verdict is UNDECIDED
