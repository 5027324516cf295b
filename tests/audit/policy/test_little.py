"""Laws of little data: one movie is one movie, and few images carry no verdict."""

from __future__ import annotations

import numpy as np
import pytest

from audit.measurement import Measurement
from tests.audit.ruling import PASS, UNDECIDED, judged, rows, rule
from tests.toys import Brightness, add, scene


@pytest.mark.parametrize("statistic", ["gain", "breaking_point", "worst", "mean", "pooled"])
def test_one_image_gives_no_verdict(record, statistic):
    """Whatever is asked, one image has no interval, and the rule is open without a crash."""
    record.register(Brightness(factor=(1.0, 2.0)))
    for factor in (1.0, 2.0):
        add(record, rows([0.9], factor=factor), probe="toy.brightness")
    over = {} if statistic in ("mean", "pooled") else {"over": "factor"}
    at = {} if over else {"at": {"factor": 1.0}}
    tolerance = {"tolerance": 0.95} if statistic == "breaking_point" else {}
    one = rule(probe="toy.brightness", statistic=statistic, **over, **at, **tolerance)
    (outcome,) = judged(record, one)
    assert (outcome.verdict, outcome.open, outcome.interval) == (UNDECIDED, True, None)
    assert "one image has no interval" in outcome.because


def movie(record, values, **row):
    """Write scores of one movie's frames, in order."""
    record.enlist([scene(n, id=f"{n:03d}", group="movie", frame=n) for n in range(len(values))])
    add(record, rows(values, **row))


def test_a_movie_that_drifts_is_judged_for_itself(record):
    """Frames that resemble their neighbours still say what the movie's own mean is."""
    movie(record, list(0.9 + 0.001 * np.cumsum(np.ones(30))))
    (outcome,) = judged(record, rule(at_least=0.5))
    assert outcome.verdict is PASS
    assert "in 30 images of one movie" in outcome.because


def test_two_images_leave_a_gross_harm_possible(record):
    """Two images that differ decide nothing: the interval reaches beyond what is gross."""
    add(record, rows([0.9, 0.82]))
    (outcome,) = judged(record, rule(at_least=0.8))
    assert outcome.groups == 2
    assert (outcome.verdict, outcome.open) == (UNDECIDED, True)


def test_a_verdict_on_one_movie_says_what_more_would_decide(record):
    """An open rule says how many more images like these would decide it."""
    movie(record, list(0.895 + 0.05 * np.random.default_rng(0).standard_normal(40)))
    (unsure,) = judged(record, rule("two", at_least=0.9))
    assert unsure.verdict is UNDECIDED
    assert "more images like these would decide it" in unsure.because


def test_a_loss_of_a_share_ends_at_one(record):
    """Whatever Student's t says of few images, a share that is lost lies in -1..1."""
    movie(record, [0.9] * 2)
    add(record, rows([0.0, 0.9], x=1.0), probe="shift.a")
    given = {"probe": "shift.a", "at": {"x": 1.0}, "against": ("clean",)}
    (outcome,) = judged(record, rule(at_most=0.05, **given))
    assert outcome.here == (-1.0, 1.0)
    assert outcome.open


@pytest.mark.parametrize(("key", "owed"), [(True, True), (False, False)])
def test_what_few_images_could_be_asked_may_be_missing(record, key, owed):
    """Two images of twelve are no evidence: they count only where the rule is key."""
    record.enlist([scene(n) for n in range(12)])
    add(record, [Measurement("iou", 0.8, f"scene/{n:02d}") for n in range(2)])
    (outcome,) = judged(record, rule(key=key))
    assert outcome.judged is owed
    assert ("only 2 of 12" in outcome.because) is not owed
