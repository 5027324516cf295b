"""Laws of Holm: the rejections of the textbook, and a stated risk for all together."""

from __future__ import annotations

import numpy as np
import pytest

from audit.statistics.multiplicity import holm_levels


def textbook(p_values, alpha):
    """Return which hypotheses Holm's step-down procedure rejects, as written in 1979."""
    rejected = set()
    remaining = set(range(len(p_values)))
    while remaining:
        smallest = min(remaining, key=lambda i: p_values[i])
        if p_values[smallest] > alpha / len(remaining):
            break
        rejected.add(smallest)
        remaining.remove(smallest)
    return rejected


@pytest.mark.parametrize("seed", range(40))
def test_rejections_are_the_textbooks(seed):
    """A p value is at or below its level exactly where Holm's procedure rejects."""
    stream = np.random.default_rng(seed)
    p_values = list(stream.random(stream.integers(1, 12)) ** stream.integers(1, 8))
    levels = holm_levels(p_values, 0.05)
    below = {i for i, (p, level) in enumerate(zip(p_values, levels, strict=True)) if p <= level}
    assert below == textbook(p_values, 0.05)


def test_levels_lie_between_bonferroni_and_none():
    """Every level is between alpha / m and alpha; one question alone is held to alpha."""
    levels = holm_levels([0.001, 0.01, 0.02, 0.5], 0.05)
    assert all(0.05 / 4 <= level <= 0.05 for level in levels)
    assert holm_levels([0.5], 0.05) == [0.05]
    assert holm_levels([], 0.05) == []


def test_all_together_err_alpha():
    """Where nothing is true, any rejection among ten happens in at most 5 % of 4000 trials."""
    stream = np.random.default_rng(0)
    trials = stream.random((4000, 10))
    errs = [
        any(p <= q for p, q in zip(row, holm_levels(row), strict=True)) for row in trials.tolist()
    ]
    assert np.mean(errs) == pytest.approx(0.05, abs=0.011)
