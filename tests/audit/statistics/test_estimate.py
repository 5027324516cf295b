"""Laws of estimates: intervals cover what they say, also where images depend on one another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.statistics.estimate import estimate


def autoregressive(stream, n: int, rho: float):
    """Return a stationary autoregressive series of mean 0."""
    noise = stream.standard_normal(n)
    series = np.empty(n)
    series[0] = noise[0] / np.sqrt(1 - rho**2)
    for index in range(1, n):
        series[index] = rho * series[index - 1] + noise[index]
    return series


def covers(found, truth: float = 0.0) -> bool:
    """Return whether an estimate's 95 % interval holds the truth."""
    low, high = found.interval()
    return low <= truth <= high


@pytest.mark.parametrize("rho", [0.0, 0.6, 0.9])
@pytest.mark.parametrize("taken", [8, 12, 30])
def test_frames_taken_evenly_cover_the_mean_of_their_movie(rho, taken):
    """Of 300 movies of 120 dependent frames at least 92 % have their own mean in the interval."""
    stream = np.random.default_rng(4)
    hits = []
    for _ in range(300):
        movie = autoregressive(stream, 120, rho)
        frames = np.arange(taken) * 120 // taken + int(stream.integers(120 // taken))
        hits.append(covers(estimate(movie[frames], ["m"] * taken), movie.mean()))
    assert np.mean(hits) >= 0.92


@pytest.mark.parametrize("movies", [2, 3, 6])
def test_strata_cover_the_mean_of_these_movies(movies):
    """Movies that differ much do not widen what is said of themselves, and it still covers."""
    stream = np.random.default_rng(movies)
    hits, widths = [], []
    for _ in range(300):
        levels = 3 * stream.standard_normal(movies)
        values = np.repeat(levels, 6) + stream.standard_normal(6 * movies)
        found = estimate(values, [str(n // 6) for n in range(6 * movies)])
        hits.append(covers(found, levels.mean()))
        widths.append(np.ptp(found.interval()))
    assert 0.92 <= np.mean(hits) <= 0.98
    assert np.median(widths) < 2


@pytest.mark.parametrize("groups", [3, 6, 10, 20])
def test_an_interval_over_groups_covers(groups, monkeypatch):
    """Of 400 samples of groups that share an effect, at least 92 % cover, few groups or many."""
    monkeypatch.setattr("audit.statistics.estimate.DRAWS", 1999)
    stream = np.random.default_rng(groups)
    member = np.repeat(np.arange(groups), 4)
    names = [str(number) for number in member]
    hits = []
    for seed in range(400):
        values = stream.standard_normal(groups)[member] + stream.standard_normal(len(member))
        hits.append(covers(estimate(values, names, "beyond", seed)))
    assert np.mean(hits) >= 0.92


def test_frames_that_are_taken_as_other_movies_would_not_cover():
    """The simulation has teeth: what holds here covers other movies' mean in less than half."""
    stream = np.random.default_rng(4)
    hits = []
    for _ in range(300):
        level = stream.standard_normal()
        hits.append(covers(estimate(level + 0.3 * stream.standard_normal(12), ["m"] * 12)))
    assert np.mean(hits) < 0.5


def test_groups_of_one_image_are_students_t():
    """With one image a group, and few, the interval is scipy's of Student's t."""
    values = [0.7, 0.9, 0.8, 0.85]
    found = estimate(values, list("abcd"))
    assert found == estimate(values, list("abcd"), "beyond")
    expected = stats.t.interval(0.9, 3, np.mean(values), stats.sem(values))
    assert found.interval(0.9) == pytest.approx(expected, abs=1e-12)
    assert found.doubt(0.8) == pytest.approx(stats.ttest_1samp(values, 0.8).pvalue, abs=1e-12)


@pytest.mark.parametrize("groups", [4, 12])
def test_doubt_and_interval_agree(groups):
    """A bound lies outside the interval at level 1 - p exactly where its p value is below p."""
    stream = np.random.default_rng(1)
    values = stream.normal(0.8, 0.05, groups * 2)
    found = estimate(values, [str(n // 2) for n in range(groups * 2)], "beyond")
    for bound in np.linspace(0.74, 0.86, 25):
        for p in (0.2, 0.05, 0.01):
            low, high = found.interval(1 - p)
            margin = 0.001 * (high - low)
            if low + margin < bound < high - margin:
                assert found.doubt(bound) > p * 0.9
            if bound < low - margin or bound > high + margin:
                assert found.doubt(bound) < p * 1.1


@pytest.mark.parametrize("shape", ["one movie", "few groups", "many groups"])
def test_constant_values_have_an_interval_of_no_width(shape):
    """Where every image has the same value the interval is that value, and doubt is all or none."""
    count = {"one movie": 1, "few groups": 4, "many groups": 12}[shape]
    names = [str(n % count) for n in range(24)]
    found = estimate([0.5] * 24, names, "here" if count == 1 else "beyond")
    assert found.interval() == (0.5, 0.5)
    assert found.doubt(0.5) == 1
    assert found.doubt(0.4) < 0.001


def test_one_image_has_no_interval():
    """One value has a mean and no interval; nothing is certain of it."""
    found = estimate([0.5], ["a"])
    assert (found.value, found.n, found.groups) == (0.5, 1, 1)
    assert found.interval() is None
    assert found.doubt(0.1) == 1


def test_one_movie_says_nothing_of_others():
    """However many frames, one movie has no interval beyond itself."""
    found = estimate(np.random.default_rng(0).random(100), ["m"] * 100, "beyond")
    assert found.interval() is None


def test_a_lone_image_among_movies_has_their_spread():
    """One image of its own cannot tell its spread: it is taken to scatter as the others do."""
    stream = np.random.default_rng(1)
    values = [*stream.random(6), 0.5]
    found = estimate(values, [*["a"] * 6, "b"])
    spread = np.var(values[:6], ddof=1)
    assert found.error == pytest.approx(np.sqrt(spread * 7) / 7)


@pytest.mark.parametrize("seed", range(5))
def test_the_variance_of_strata_is_cochrans(seed):
    """The error is sqrt(sum W_h^2 s_h^2 / n_h), with Satterthwaite's degrees of freedom."""
    stream = np.random.default_rng(seed)
    strata = [stream.normal(level, 1 + level, size) for level, size in ((0, 5), (1, 9), (2, 3))]
    values = np.concatenate(strata)
    names = [str(n) for n, one in enumerate(strata) for _ in one]
    found = estimate(values, names)
    parts = [(len(one) / len(values)) ** 2 * one.var(ddof=1) / len(one) for one in strata]
    free = sum(parts) ** 2 / sum(
        part**2 / (len(one) - 1) for part, one in zip(parts, strata, strict=True)
    )
    assert found.error == pytest.approx(np.sqrt(sum(parts)))
    assert found.freedom == pytest.approx(free)


def test_no_values_are_refused():
    """Of nothing there is no estimate."""
    with pytest.raises(ValueError, match="no values"):
        estimate([], [])


def test_the_same_seed_gives_the_same_bootstrap():
    """A bootstrap is repeatable, and its groups are resampled whole."""
    values = np.random.default_rng(0).random(24)
    names = [str(n // 2) for n in range(24)]
    one, two, other = (estimate(values, names, "beyond", seed) for seed in (0, 0, 1))
    assert one.interval() == two.interval() != other.interval()
    assert one.interval() == pytest.approx(other.interval(), abs=0.02)
