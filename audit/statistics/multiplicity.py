"""Many questions at once: how sure each answer must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm_levels(p_values: Sequence[float], alpha: float = 0.05) -> list[float]:
    """Return the level at which each p value is tested, for a family-wise error rate of alpha.

    The smallest is held to alpha / m, the next to alpha / (m - 1), and so on up to the first that
    is not significant, whose level holds for all the rest. Source: Holm 1979, jstor:4615733.

    >>> [round(level, 4) for level in holm_levels([0.001, 0.2, 0.02])]
    [0.0167, 0.05, 0.025]
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    levels = [0.0] * len(p_values)
    level, stopped = alpha, False
    for done, index in enumerate(order):
        if not stopped:
            level = alpha / (len(order) - done)
            stopped = p_values[index] > level
        levels[index] = level
    return levels
