"""Laws of estimates: intervals cover what they say, also where images depend on one another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.statistics.estimate import LEAST_FRAMES, effective_n, estimate


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


@pytest.mark.parametrize("rho", [0.0, 0.6, 0.8])
def test_an_interval_within_one_movie_covers(rho):
    """Of 300 series of 39 dependent frames, at least 92 % have the truth in their interval."""
    stream = np.random.default_rng(4)
    frames = range(39)
    found = [estimate(autoregressive(stream, 39, rho), ["m"] * 39, frames) for _ in range(300)]
    assert np.mean([covers(one) for one in found]) >= 0.92


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
        hits.append(covers(estimate(values, names, [0] * len(member), seed)))
    assert np.mean(hits) >= 0.92


def test_frames_that_are_taken_as_independent_would_not_cover():
    """The simulation has teeth: the naive interval of the same series covers less than 80 %."""
    stream = np.random.default_rng(4)
    hits = []
    for _ in range(300):
        series = autoregressive(stream, 39, 0.6)
        hits.append(abs(series.mean()) <= 2.02 * series.std(ddof=1) / np.sqrt(39))
    assert np.mean(hits) < 0.8


def test_groups_of_one_image_are_students_t():
    """With one image a group, and few, the interval is scipy's of Student's t."""
    values = [0.7, 0.9, 0.8, 0.85]
    found = estimate(values, list("abcd"), [0] * 4)
    expected = stats.t.interval(0.9, 3, np.mean(values), stats.sem(values))
    assert found.interval(0.9) == pytest.approx(expected, abs=1e-12)
    assert found.doubt(0.8) == pytest.approx(stats.ttest_1samp(values, 0.8).pvalue, abs=1e-12)


@pytest.mark.parametrize("groups", [4, 12])
def test_doubt_and_interval_agree(groups):
    """A bound lies outside the interval at level 1 - p exactly where its p value is below p."""
    stream = np.random.default_rng(1)
    values = stream.normal(0.8, 0.05, groups * 2)
    found = estimate(values, [str(n // 2) for n in range(groups * 2)], [0] * (groups * 2))
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
    found = estimate([0.5] * 24, names, range(24))
    assert found.interval() == (0.5, 0.5)
    assert found.doubt(0.5) == 1
    assert found.doubt(0.4) < 0.001


def test_one_image_has_no_interval():
    """One value has a mean, an effective n of 1 and no interval; nothing is certain of it."""
    found = estimate([0.5], ["a"], [0])
    assert (found.value, found.n, found.groups, found.effective_n) == (0.5, 1, 1, 1.0)
    assert found.interval() is None
    assert found.doubt(0.1) == 1


@pytest.mark.parametrize("n", range(2, LEAST_FRAMES + 1))
def test_a_short_movie_has_no_interval(n):
    """Fewer than eight frames of one movie give no interval, eight do."""
    found = estimate(np.random.default_rng(n).random(n), ["m"] * n, range(n))
    assert (found.interval() is None) == (n < LEAST_FRAMES)
    assert found.method == "no interval" or n == LEAST_FRAMES


@pytest.mark.parametrize("seed", range(20))
def test_one_movie_is_never_surer_than_independent_images(seed):
    """Whatever the series, its interval is no narrower than scipy's of independent values."""
    stream = np.random.default_rng(seed)
    values = autoregressive(stream, int(stream.integers(8, 60)), float(stream.uniform(-0.5, 0.9)))
    low, high = estimate(values, ["m"] * len(values), range(len(values))).interval()
    naive = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
    assert high - low >= (naive[1] - naive[0]) * (1 - 1e-12)


def test_no_values_are_refused():
    """Of nothing there is no estimate."""
    with pytest.raises(ValueError, match="no values"):
        estimate([], [], [])


def test_frames_are_put_in_order():
    """The order in which a movie's frames are given does not matter, their number does."""
    series = autoregressive(np.random.default_rng(0), 40, 0.8)
    order = np.random.default_rng(1).permutation(40)
    told = estimate(series[order], ["m"] * 40, list(order))
    assert told.interval() == pytest.approx(estimate(series, ["m"] * 40, range(40)).interval())


def test_the_same_seed_gives_the_same_bootstrap():
    """A bootstrap is repeatable, and its groups are resampled whole."""
    values = np.random.default_rng(0).random(24)
    names = [str(n // 2) for n in range(24)]
    one, two, other = (estimate(values, names, [0] * 24, seed) for seed in (0, 0, 1))
    assert one.interval() == two.interval() != other.interval()
    assert one.interval() == pytest.approx(other.interval(), abs=0.02)
    assert one.effective_n == 12


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_the_effective_n_of_a_known_series(rho):
    """In a long autoregressive series n shrinks by (1 - rho) / (1 + rho)."""
    series = autoregressive(np.random.default_rng(3), 20000, rho)
    expected = 20000 * (1 - rho) / (1 + rho)
    assert effective_n(series) == pytest.approx(expected, rel=0.1)


def test_the_effective_n_stays_between_one_and_n():
    """Whatever the series, it is worth at least one value and at most all of them."""
    for seed in range(50):
        stream = np.random.default_rng(seed)
        series = np.cumsum(stream.normal(size=stream.integers(1, 40)))
        assert 1 <= effective_n(series) <= len(series)
