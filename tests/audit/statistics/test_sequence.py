"""Laws of noisy sequences: noise without its spikes, slopes with an honest error, forecasts."""

from __future__ import annotations

import numpy as np
import pytest

from audit.statistics.sequence import effective_n, extrapolate, noise, running_median, slope


@pytest.mark.parametrize("width", [1, 3, 4, 9, 99])
def test_a_running_median_is_the_median_of_each_neighbourhood(width):
    """Brute force over whole windows, the ends taking the nearest of them."""
    values = np.random.default_rng(0).normal(size=30)
    reach = min(width + (width + 1) % 2, 29) // 2
    expected = [
        np.median(values[middle - reach : middle + reach + 1])
        for middle in np.clip(np.arange(30), reach, 29 - reach)
    ]
    assert running_median(values, width) == pytest.approx(expected)


def test_a_running_median_of_little_is_itself():
    """One value and none have no neighbours."""
    assert running_median(np.array([2.0]), 5).tolist() == [2.0]
    assert running_median(np.array([]), 5).tolist() == []


@pytest.mark.parametrize("sigma", [1e-4, 0.1, 1e3])
def test_noise_is_found_on_a_steep_course_among_spikes(sigma):
    """The standard deviation around an exponential, one value in twenty a spike, within 15 %."""
    stream = np.random.default_rng(1)
    course = 50 * sigma * np.exp(-np.arange(400) / 60) + sigma * stream.standard_normal(400)
    course[10::20] += 40 * sigma
    found = noise(course)
    assert found.sigma == pytest.approx(sigma, rel=0.15)
    assert set(range(10, 400, 20)) <= set(found.spikes)
    assert len(found.spikes) < 24


def test_a_smooth_course_has_neither_noise_nor_spikes():
    """Straight lines and constants have none, a step is no spike."""
    assert noise(np.arange(50.0)) == (0.0, ())
    assert noise(np.zeros(50)) == (0.0, ())
    assert noise(np.repeat([2.0, 1.0], 25)).spikes == ()
    assert noise(np.array([3.0, 1.0, 2.0])) == (0.0, ())


def test_a_slope_is_found_with_an_error_that_covers_it():
    """Three errors hold the truth nearly always, also where noise wanders."""
    stream = np.random.default_rng(2)
    missed = 0
    for _ in range(200):
        wander = np.zeros(80)
        for place in range(1, 80):
            wander[place] = 0.6 * wander[place - 1] + stream.standard_normal()
        found = slope(np.arange(80.0), 0.5 * np.arange(80) + wander)
        missed += abs(found.value - 0.5) > 3 * found.error
    assert missed <= 4


@pytest.mark.parametrize("constant", [0.25, 0.5, 2.0])
def test_a_forecast_holds_the_truth_as_often_as_it_says(constant):
    """The interval of 95 % covers a saturating course as far ahead again, nine times in ten."""
    stream = np.random.default_rng(3)
    time = np.linspace(0, 1, 50)
    truth = 1 + np.exp(-2 / constant)
    held = 0
    for _ in range(100):
        noisy = 1 + np.exp(-time / constant) + 0.01 * stream.standard_normal(50)
        found = extrapolate(time, noisy, 2.0)
        held += found.low <= truth <= found.high
    assert held >= 90


def test_a_forecast_is_moved_and_scaled_with_its_data():
    """Units of the values and of the time are indifferent."""
    time = np.linspace(0, 1, 30)
    values = np.exp(-3 * time) + 0.01 * np.sin(40 * time)
    plain = np.array(extrapolate(time, values, 2.0))
    moved = np.array(extrapolate(5 + 1000 * time, 1e-3 * values - 7, 2005.0))
    assert moved == pytest.approx(1e-3 * plain - 7, abs=1e-9)


def test_too_few_points_lead_nowhere():
    """Five points give no forecast."""
    with pytest.raises(ValueError, match="at least 6 points, got 5"):
        extrapolate(np.arange(5.0), np.arange(5.0), 10.0)


def autoregressive(stream, n: int, rho: float):
    """Return a stationary autoregressive series of mean 0."""
    noise = stream.standard_normal(n)
    series = np.empty(n)
    series[0] = noise[0] / np.sqrt(1 - rho**2)
    for index in range(1, n):
        series[index] = rho * series[index - 1] + noise[index]
    return series


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
