"""A score along an axis of severity: made monotone, its breaking point, its optimum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def isotonic(values: Sequence[float]) -> list[float]:
    """Return the nearest non-decreasing values in least squares, by pooling neighbours.

    Source: Ayer et al. 1955, doi:10.1214/aoms/1177728423.

    >>> isotonic([0.0, 0.3, 0.1, 0.5])
    [0.0, 0.2, 0.2, 0.5]
    """
    pools: list[tuple[float, int]] = []
    for value in values:
        pools.append((float(value), 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, many), (b, more) = pools[-2:]
            pools[-2:] = [((a * many + b * more) / (many + more), many + more)]
    return [value for value, many in pools for _ in range(many)]


def breaking_point(
    levels: Sequence[float], drops: Sequence[float], tolerance: float
) -> float | None:
    """Return the level at which the monotone drop first exceeds a tolerance; None if it never does.

    `levels` run from mild to severe, in any unit; between them the drop is linear in the logarithm
    of the level. A drop that exceeds the tolerance at the mildest level breaks there.

    >>> round(breaking_point([1000, 100, 10], [0.0, 0.04, 0.2], 0.12), 1)
    31.6
    """
    curve = isotonic(drops)
    if curve[0] > tolerance:
        return float(levels[0])
    for before, after, low, high in zip(levels, levels[1:], curve, curve[1:], strict=False):
        if low <= tolerance < high:
            share = (tolerance - low) / (high - low)
            return float(np.exp(np.log(before) + share * (np.log(after) - np.log(before))))
    return None


def optimum(factors: Sequence[float], scores: Sequence[float]) -> float:
    """Return where a score is highest, by a parabola in the logarithm of the factor.

    The parabola goes through the best factor and its two neighbours; a best factor at the end of
    the range is returned as it is.

    >>> round(optimum([0.5, 1.0, 2.0], [0.7, 0.8, 0.7]), 3)
    1.0
    """
    best = int(np.argmax(scores))
    if best in (0, len(factors) - 1):
        return float(factors[best])
    x = np.log(np.asarray(factors[best - 1 : best + 2], float))
    curve = np.polyfit(x, np.asarray(scores[best - 1 : best + 2], float), 2)
    if curve[0] >= 0:
        return float(factors[best])
    return float(np.exp(np.clip(-curve[1] / (2 * curve[0]), x[0], x[2])))
