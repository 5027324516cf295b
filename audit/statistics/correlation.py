"""How two quantities rise together, where observations come in clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ranks of values from 1, ties sharing their mean rank.

    >>> ranks(np.array([3.0, 1.0, 3.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], float)


def correlations(
    first: NDArray[np.float64], second: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Pearson's correlation for each row of `times` (B, n): how often each pair counts.

    0 where one of the two does not vary. Of ranks it is Spearman's. Source: Spearman 1904,
    doi:10.2307/1412159.

    >>> a, b = np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])
    >>> correlations(a, b, np.ones((1, 3))).round(6).tolist()
    [0.5]
    """
    total = times.sum(1)
    mean_a, mean_b = times @ first / total, times @ second / total
    cross = times @ (first * second) / total - mean_a * mean_b
    power_a = times @ first**2 / total - mean_a**2
    power_b = times @ second**2 / total - mean_b**2
    spread = np.sqrt(np.maximum(power_a, 0) * np.maximum(power_b, 0))
    flat = spread <= 1e-12 * (1 + total)
    return np.where(flat, 0.0, cross / np.where(flat, 1.0, spread))
