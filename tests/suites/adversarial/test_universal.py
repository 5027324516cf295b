"""Controls of adversarial.universal: one pattern misleads a brittle model on unseen images."""

from __future__ import annotations

from suites.adversarial.universal import ALONE, Universal, halved
from tests.suites.adversarial.plants import brittle, model
from tests.toys import mean_of, rows_of, scene, scenes

PROBE = Universal(noise_ratio=(2.0,), images=2, rounds=3, side_px=64)


def test_one_pattern_breaks_a_brittle_model_and_not_its_twin():
    """Both controls, each image under a pattern that has not seen it."""
    weak, strong = (
        mean_of(rows_of(PROBE, one, scenes(4)), "retention", noise_ratio=2.0)
        for one in (brittle(), model())
    )
    assert weak < 0.8
    assert strong > 0.95


def test_halves_share_no_movie():
    """Movies are never split; one movie is halved by time."""
    several = [scene(n, group=f"movie {n % 3}", frame=n) for n in range(9)]
    first, second = halved(several)
    assert not {s.group for s in first} & {s.group for s in second}
    assert len(first) + len(second) == 9
    one = [scene(n, group="movie", frame=9 - n) for n in range(4)]
    first, second = halved(one)
    assert max(s.frame for s in first) < min(s.frame for s in second)


def test_a_lone_image_says_why_there_is_nothing():
    """With one image there is no other to make a pattern of."""
    rows = rows_of(PROBE, model(), scenes(1))
    assert {row.undefined for row in rows} == {ALONE}
