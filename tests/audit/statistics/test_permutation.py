"""Laws of the permutation test: exact, honest about groups, and open about what it cannot see."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from audit.statistics.permutation import permutation_test

HALF = [False] * 10 + [True] * 10


def alone(count):
    """Return as many groups of one sample."""
    return [f"image {number}" for number in range(count)]


def test_few_groups_are_tried_in_every_way():
    """The p value of a small set is the share of all splits that are at least as far apart."""
    values = np.random.default_rng(3).normal(size=8) + np.array([0] * 4 + [1.5] * 4)
    apart = np.abs(values - np.median(values))
    scores = [(one - one.mean()) / one.std() for one in (values, apart)]
    ways = list(combinations(range(8), 4))
    every = np.abs([[score[list(way)].sum() for score in scores] for way in ways])
    sums = (every / np.sqrt((every**2).mean(0))).max(1)
    seen = sums[ways.index((4, 5, 6, 7))]
    expected = np.mean([one >= seen - 1e-9 for one in sums])
    found = permutation_test(values, [False] * 4 + [True] * 4, alone(8))
    assert found.p == pytest.approx(expected)
    assert "all 70" in found.method


def test_no_drift_gives_uniform_p_values():
    """Of sets without drift, 5 % have a p value of at most 5 %."""
    stream = np.random.default_rng(1)
    draws = [stream.lognormal(size=10) for _ in range(400)]
    labels = [False] * 5 + [True] * 5
    found = [permutation_test(one, labels, alone(10)).p for one in draws]
    assert np.mean(np.array(found) <= 0.05) < 0.075


def test_frames_of_few_movies_are_no_replicates():
    """Negative control: movies that differ by chance are not told apart by their many frames."""
    stream = np.random.default_rng(2)
    alarms = 0
    for _ in range(100):
        movies = stream.normal(size=10)
        values = np.repeat(movies, 20) + 0.1 * stream.normal(size=200)
        groups = np.repeat(alone(10), 20)
        found = permutation_test(values, np.repeat([False, True], 100), list(groups))
        assert found.n == (5, 5)
        alarms += found.p <= 0.05
    assert alarms <= 11


@pytest.mark.parametrize("groups", [["a"] * 10 + ["b"] * 10, ["a"] * 20])
def test_one_movie_allows_no_test(groups):
    """One movie a side, or one movie cut in two: no p value, however many frames and how far."""
    found = permutation_test([0.0, 1.0] * 5 + [50.0, 51.0] * 5, HALF, groups)
    assert found.p is None
    assert math.isinf(found.detectable)
    assert found.effect > 50
    assert "2 ways" in found.method


def test_groups_on_both_sides_exchange_their_shares():
    """Ten movies cut in two are ten pairs: a shift within each is found, one between them not."""
    movies = np.repeat(np.arange(10.0), 2)
    labels, groups = [False, True] * 10, [f"movie {n // 2}" for n in range(20)]
    same = permutation_test(movies, labels, groups)
    moved = permutation_test(movies + 0.1 * np.array(labels), labels, groups)
    assert same.p == 1.0
    assert moved.p == pytest.approx(4 / 2**10)


def test_a_narrow_side_is_found():
    """Positive control: one side of the same level but a tenth of the spread differs in spread."""
    stream = np.random.default_rng(4)
    wide, narrow = stream.normal(size=20), 0.1 * stream.normal(size=20)
    found = permutation_test([*wide, *narrow], [False] * 20 + [True] * 20, alone(40))
    assert found.p < 0.01
    assert found.differs == "spread"


def test_the_detectable_effect_is_seen_four_times_in_five():
    """A shift of the size that is said to be detectable is found with 80 % power."""
    stream = np.random.default_rng(5)
    labels = [False] * 12 + [True] * 12
    size = permutation_test(stream.normal(size=24), labels, alone(24)).detectable
    seen = [
        permutation_test(stream.normal(size=24) + size * np.array(labels), labels, alone(24)).p
        for _ in range(60)
    ]
    assert 1.1 < size < 1.5
    assert 0.65 < np.mean(np.array(seen) <= 0.05) < 0.95


def test_constant_values_do_not_differ():
    """Where all values are equal nothing differs, rounding notwithstanding."""
    found = permutation_test([0.1 + 0.2, 0.3] * 10, HALF, alone(20))
    assert (found.p, found.differs) == (1.0, "level")
    assert abs(found.effect) < 1e-9


def test_an_empty_side_is_refused():
    """Without a second side there is nothing to compare."""
    with pytest.raises(ValueError, match="one side has no sample"):
        permutation_test([1.0, 2.0], [True, True], ["a", "b"])
