"""Laws of the simulated movies: frames are neighbours, movies are strangers, noise is new."""

from __future__ import annotations

import numpy as np

from baselines.flaws.movies import FRAMES, movies


def cover(one, other) -> float:
    """Return the IoU of the masks of two samples."""
    mine, theirs = one.mask() > 0, other.mask() > 0
    return float((mine & theirs).sum() / (mine | theirs).sum())


def test_a_frame_is_like_the_next_and_another_movie_is_not():
    """Cells move by about a pixel a frame, and lie elsewhere in another movie."""
    first, second = movies().test[:2]
    stranger = movies().test[FRAMES]
    assert 0.8 < cover(first, second) < 1
    assert cover(first, stranger) < 0.5


def test_no_movie_is_on_both_sides():
    """Movies are split whole, and a frame knows its movie and its place in it."""
    material = movies()
    groups = [{sample.group for sample in part} for part in (material.train, material.test)]
    assert not groups[0] & groups[1]
    assert [sample.frame for sample in material.test[:FRAMES]] == list(range(FRAMES))


def test_noise_is_new_in_each_frame_and_a_frame_is_always_the_same():
    """Where no cell is, the difference of two frames is noise; reading twice gives no other."""
    first, second = movies().test[:2]
    ground = (first.mask() == 0) & (second.mask() == 0)
    differs = (first.image() - second.image())[0][ground]
    assert differs.std() > 10
    assert abs(np.mean(differs)) < 3
    assert np.array_equal(first.image(), movies().test[0].image())
