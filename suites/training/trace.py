"""A curve of a log as it can be reasoned about: finite, free of spikes, with its noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.sequence import GAUSSIAN, NEIGHBOURS, noise, running_median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.logs.log import Curve

MOST = 1000
"""Longer curves are read as the medians of this many stretches."""

TAIL = 0.1
"""A level is a median over this share of the curve."""

LATER = 0.5
"""The share of the time in which a curve has come to what it is."""

SURE = 3.0
"""What differs by this many standard errors or more differs beyond chance."""

SHORT = 8
"""Below this many points there is no telling noise from course: every value counts."""

WANDERS = 20
"""From this many points on it can be told whether noise wanders; of fewer, a course bends more."""

MEDIAN_ERROR = 1.2533
"""The standard error of a median of normal values, in units of that of their mean."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """The finite values of a curve, isolated spikes replaced by what is around them.

    `at` (N,) rises in epochs or steps, as do the times of the `spikes`; `values` (N,) are in the
    unit of the loss, as is `sigma`, the noise of one value.
    """

    at: NDArray[np.float64]
    values: NDArray[np.float64]
    sigma: float
    spikes: tuple[float, ...]

    @property
    def tail(self) -> int:
        """How many values make a level: an odd number."""
        if len(self.values) < SHORT:
            return 1
        return max(3, 2 * round(TAIL * len(self.values) / 2) + 1)

    @property
    def smoothed(self) -> str:
        """What its levels are called before the name of the loss; "" where each is one value."""
        return "smoothed " if self.tail > 1 else ""

    @cached_property
    def levels(self) -> NDArray[np.float64]:
        """The level (N,) around each value."""
        return running_median(self.values, self.tail)

    @property
    def start(self) -> float:
        """The first value: the steepest part of a curve is its first."""
        return float(self.values[0])

    @property
    def end(self) -> float:
        """The level at the end."""
        return float(self.levels[-1])

    @property
    def low(self) -> float:
        """The lowest level; the first value is one, for nothing stands before it."""
        return min(float(self.levels.min()), self.first)

    @property
    def first(self) -> float:
        """The first value, as low as it surely is."""
        return self.start + self.sigma

    @property
    def bottom(self) -> int:
        """The place of the lowest level, the last one where there are several."""
        lowest = int(len(self.levels) - 1 - self.levels[::-1].argmin())
        return 0 if self.first < self.levels[lowest] else lowest

    @cached_property
    def error(self) -> float:
        """The standard error of the difference of two levels, also where noise is no chance.

        Of the noise of single values, or of the bends of levels that share no value: noise that
        wanders does not average out.
        """
        if len(self.values) < SHORT:
            return 0.0
        white = MEDIAN_ERROR * self.sigma / self.tail**0.5
        if len(self.values) < WANDERS:
            return float(2**0.5 * white)
        first, middle, last = (self.levels[place:] for place in (0, self.tail, 2 * self.tail))
        bends = np.abs(first[: len(last)] - 2 * middle[: len(last)] + last)
        return float(2**0.5 * max(white, GAUSSIAN * np.median(bends) / 6**0.5))

    @property
    def blur(self) -> float:
        """The standard error of the level of the last third, in units of the loss."""
        return float(MEDIAN_ERROR * self.sigma / self.late(1 / 3).sum() ** 0.5)

    def around(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the level at other times, straight between those that were logged."""
        return np.interp(times, self.at, self.levels)

    def middle(self, share: float) -> float:
        """Return the median level of the last share of the time."""
        return float(np.median(self.levels[self.late(share)]))

    def late(self, share: float) -> NDArray[np.bool_]:
        """Return which values (N,) lie in the last share of the time."""
        from_here = float(self.at[-1] - share * (self.at[-1] - self.at[0]))
        return np.greater_equal(self.at, from_here)


def trace(curve: Curve | None) -> Trace | None:
    """Return a curve as a trace; None where it is lacking or has fewer than two finite values."""
    if curve is None:
        return None
    at, values = np.asarray(curve.at, float), np.asarray(curve.values, float)
    finite = np.isfinite(values)
    if finite.sum() < 2:  # noqa: PLR2004
        return None
    at, values = thinned(at[finite], values[finite])
    sigma, spikes = noise(values)
    places = list(spikes)
    mended = values.copy()
    mended[places] = running_median(values, NEIGHBOURS)[places]
    return Trace(
        at=at,
        values=mended,
        sigma=sigma,
        spikes=tuple(float(at[place]) for place in places),
    )


def thinned(
    at: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a curve of at most `MOST` points, each the median of a stretch of it."""
    if len(at) <= MOST:
        return at, values
    parts = np.array_split(np.arange(len(at)), MOST)
    return (
        np.array([np.median(at[part]) for part in parts]),
        np.array([np.median(values[part]) for part in parts]),
    )
