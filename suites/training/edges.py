"""The edges of a course, and the steps in it: where a running median says what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audit.statistics.sequence import running_median

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGER = 2
"""A line is as sure at its end as a median is in its middle when it is this many times as long."""

STEP = 5.0
"""A course steps where the medians on both sides differ by this many standard deviations, and by
as many times what they usually do."""

SIDE = 5
"""As many values to either side of a step make its medians."""

SUDDEN = 0.5
"""And where one difference makes this share of it: a slope is no step."""


def edged(at: NDArray[np.float64], values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the level (N,) around each value: a running median whose window shrinks at the start.

    At the end, where a course is judged, a line through the last `LONGER` windows goes on, within
    the values of the last window: where a course comes to rest, a line would go below all of them.

    >>> edged(np.arange(9.0), np.array([9.0, 4, 3, 3, 3, 2, 2, 1, 1]), 3).tolist()
    [9.0, 4.0, 3.0, 3.0, 3.0, 2.0, 2.0, 1.0, 1.0]
    """
    levels = running_median(values, width)
    for place in range(min(width // 2, len(values) // 2)):
        levels[place] = np.median(values[: 2 * place + 1])
    if width > 1:
        last = slice(-min(LONGER * width + 1, len(values)), None)
        ends = line(at[last], values[last], at[-(width // 2) :])
        levels[-(width // 2) :] = np.clip(ends, values[-width:].min(), values[-width:].max())
    return levels


def line(
    at: NDArray[np.float64], values: NDArray[np.float64], there: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a robust straight line through values at some times."""
    one, other = np.triu_indices(len(at), 1)
    slope = float(np.median((values[other] - values[one]) / (at[other] - at[one])))
    return float(np.median(values - slope * at)) + slope * there


def steps(values: NDArray[np.float64], sigma: float) -> list[int]:
    """Return the places at which a course steps up or down for good, as a rate that drops does it.

    >>> steps(np.array([3.0, 3.1] * 10 + [1.0, 1.1] * 10), 0.1)
    [20]
    """
    if len(values) < 2 * SIDE:
        return []
    medians = np.median(sliding_window_view(values, SIDE), axis=1)
    jumps = np.abs(medians[SIDE:] - medians[:-SIDE])
    sudden = np.abs(np.diff(values))[SIDE - 1 : SIDE - 1 + len(jumps)] > SUDDEN * jumps
    found = sudden & (jumps > STEP * max(sigma, float(np.median(jumps)))) & (jumps > 0)
    return [int(place) + SIDE for place in np.flatnonzero(found)]
