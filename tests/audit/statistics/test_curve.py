"""Laws of curves: nearest monotone, broken where the drop passes a tolerance, best by parabola."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from audit.statistics.curve import breaking_point, isotonic, optimum


def min_max(values):
    """Return the isotonic regression by its min-max formula."""
    n = len(values)
    return [
        min(max(np.mean(values[a : b + 1]) for a in range(i + 1)) for b in range(i, n))
        for i in range(n)
    ]


@pytest.mark.parametrize("seed", range(25))
def test_isotonic_is_the_min_max_formula(seed):
    """Pooling neighbours gives the same as brute force over all averages."""
    stream = np.random.default_rng(seed)
    values = list(stream.normal(size=stream.integers(1, 12)))
    assert isotonic(values) == pytest.approx(min_max(values), abs=1e-12)


def test_isotonic_is_monotone_keeps_the_mean_and_leaves_the_monotone():
    """It never falls, the mean stays, and what rises already is unchanged."""
    values = list(np.random.default_rng(0).normal(size=50))
    fitted = isotonic(values)
    assert np.all(np.diff(fitted) >= 0)
    assert np.mean(fitted) == pytest.approx(np.mean(values))
    assert isotonic(sorted(values)) == sorted(values)


@pytest.mark.parametrize("levels", [[0.25, 0.5, 1.0, 2.0, 4.0], [1000.0, 300.0, 100.0, 30.0, 10.0]])
def test_the_breaking_point_of_a_known_curve(levels):
    """Where the drop is linear in the logarithm the tolerance's level is found exactly."""
    drops = list(0.1 * np.abs(np.log(np.array(levels) / levels[0])))
    for tolerance in (0.05, 0.1, 0.2):
        at = breaking_point(levels, drops, tolerance)
        assert 0.1 * abs(np.log(at / levels[0])) == pytest.approx(tolerance)


def test_breaking_at_once_and_never():
    """A drop beyond the tolerance at the mildest level breaks there; a small one never does."""
    assert breaking_point([1, 2], [0.5, 0.6], 0.1) == 1
    assert breaking_point([1, 2], [0.0, 0.1], 0.1) is None
    assert breaking_point([3], [0.0], 0.1) is None


def test_a_lucky_level_does_not_break_a_curve_twice():
    """A dip by chance is pooled away: the breaking point lies where the trend crosses."""
    at = breaking_point([1, 2, 4, 8], [0.0, 0.12, 0.0, 0.3], 0.1)
    assert 4 < at < 8


@pytest.mark.parametrize("peak", [0.5, 0.7, 1.0, 1.5])
def test_the_optimum_of_a_parabola_is_found(peak):
    """A score that is a parabola in the logarithm has its top where scipy finds it."""

    def score(factor):
        return 0.9 - 0.1 * np.log(factor / peak) ** 2

    factors = [0.25, 0.4, 0.63, 1.0, 1.6, 2.5]
    top = minimize_scalar(lambda f: -score(f), bounds=(0.25, 2.5), method="bounded").x
    assert optimum(factors, [score(f) for f in factors]) == pytest.approx(top, rel=1e-4)


def test_an_optimum_at_the_end_is_not_extrapolated():
    """A best factor at either end, and a flat score, give a factor that was tried."""
    assert optimum([0.5, 1, 2], [3, 2, 1]) == 0.5
    assert optimum([0.5, 1, 2], [1, 2, 3]) == 2
    assert optimum([0.5, 1, 2], [1, 1, 1]) == 0.5
