"""Laws of little data: one movie is one movie, and few images carry no verdict."""

from __future__ import annotations

import numpy as np
import pytest

from audit.measurement import Measurement
from tests.audit.ruling import PASS, UNDECIDED, judged, rows, rule
from tests.toys import Brightness, add, scene


@pytest.mark.parametrize("statistic", ["gain", "breaking_point", "worst", "mean", "pooled"])
def test_one_image_gives_no_verdict(record, statistic):
    """Whatever is asked, one image has no interval, and the rule is undecided without a crash."""
    record.register(Brightness(factor=(1.0, 2.0)))
    for factor in (1.0, 2.0):
        add(record, rows([0.9], factor=factor), probe="toy.brightness")
    over = {} if statistic in ("mean", "pooled") else {"over": "factor"}
    at = {} if over else {"at": {"factor": 1.0}}
    tolerance = {"tolerance": 0.95} if statistic == "breaking_point" else {}
    one = rule(probe="toy.brightness", statistic=statistic, **over, **at, **tolerance)
    (outcome,) = judged(record, one)
    assert (outcome.verdict, outcome.interval) == (UNDECIDED, None)
    assert "no interval" in outcome.because


def movie(record, values, **row):
    """Write scores of one movie's frames, in order."""
    record.enlist([scene(n, id=f"{n:03d}", group="movie", frame=n) for n in range(len(values))])
    add(record, rows(values, **row))


def test_a_hardly_seen_movie_leaves_absolute_rules_undecided(record):
    """Frames that are worth fewer than four independent images decide no absolute rule."""
    movie(record, list(0.9 + 0.001 * np.cumsum(np.ones(30))))
    (outcome,) = judged(record, rule(at_least=0.5))
    assert outcome.effective_n < 4
    assert outcome.verdict is UNDECIDED
    assert "So few independent images" in outcome.because


def test_a_hardly_seen_movie_decides_what_an_image_is_compared_with_itself(record):
    """Agreement with one's own result is no matter of hard images: its interval decides."""
    movie(record, list(0.9 + 0.001 * np.cumsum(np.ones(30))), metric="agreement")
    (outcome,) = judged(record, rule(metric="agreement", at_least=0.1))
    assert outcome.effective_n < 4
    assert outcome.verdict is PASS


def test_two_groups_leave_absolute_rules_undecided(record):
    """Two images of two groups agree by chance: no absolute verdict rests on them."""
    add(record, rows([0.9, 0.9001]))
    (outcome,) = judged(record, rule(at_least=0.5))
    assert outcome.clusters == 2
    assert outcome.verdict is UNDECIDED


def test_a_verdict_on_one_movie_says_so(record):
    """A movie of independent frames is judged, and `because` says that it is one movie."""
    movie(record, list(0.9 + 0.01 * np.random.default_rng(0).standard_normal(40)))
    passed, unsure = judged(record, rule(), rule("two", at_least=0.9))
    assert passed.verdict is PASS
    assert "of one movie" in passed.because
    assert unsure.verdict is UNDECIDED
    assert "Another movie would decide it" in unsure.because


def test_a_short_movie_gives_no_interval(record):
    """Few frames of one movie leave the rule undecided and say how many there are."""
    movie(record, [0.9, 0.91, 0.92])
    (outcome,) = judged(record, rule())
    assert (
        outcome.because
        == "The score was not judged: no interval can be had from 3 images of one movie; "
        "8 frames of one movie, or images of two groups, are the least."
    )
    assert (outcome.verdict, outcome.interval) == (UNDECIDED, None)


def test_a_rule_that_only_warns_is_never_undecided_for_want_of_frames(record):
    """A loss of a share ends at 1, whatever Student's t says of frames worth very few."""
    movie(record, [0.9] * 9)
    add(record, rows(list(np.linspace(0.3, 0.85, 9)), x=1.0), probe="shift.a")
    given = {"probe": "shift.a", "at": {"x": 1.0}, "against": ("clean",)}
    (outcome,) = judged(record, rule(at_most=1.0, warn=0.05, **given))
    assert outcome.interval == (-1.0, 1.0)
    assert outcome.verdict is PASS


def test_a_share_of_which_nothing_is_asked_only_warns(record):
    """At least 0 of a share cannot fail: two groups suffice, and what is told is the warning."""
    add(record, rows([0.9, 0.9001]))
    asked, free = judged(record, rule(at_least=0.1), rule("two", at_least=0.0, warn=0.5))
    assert asked.verdict is UNDECIDED
    assert free.verdict is PASS
    assert "0.5 that is worth a warning" in free.because
    assert not rule(at_least=0.0, warn=0.5, against=("naive",)).only_warns


@pytest.mark.parametrize(("missing", "counts"), [("ignore", False), ("undecided", True)])
def test_what_few_images_could_be_asked_may_be_missing(record, missing, counts):
    """Two images of twelve are no evidence: it counts only where the rule insists."""
    record.enlist([scene(n) for n in range(12)])
    add(record, [Measurement("iou", 0.9, f"scene/{n:02d}") for n in range(2)])
    (outcome,) = judged(record, rule(missing=missing))

    assert outcome.verdict is UNDECIDED
    assert outcome.counts is counts
    assert ("only 2 of 12" in outcome.because) is not counts
