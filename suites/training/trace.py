"""A curve of a log as it can be reasoned about: finite, free of spikes, with its noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audit.statistics.sequence import GAUSSIAN, NEIGHBOURS, noise, running_median
from suites.training.edges import LONGER, edged, line, steps

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

BESIDE = 3
"""A valley takes the median of this many values: one alone may be luck."""

MEDIAN_ERROR = 1.2533
"""The standard error of a median of normal values, in units of that of their mean."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """The finite values of a curve, isolated spikes replaced by what is around them.

    `at` (N,) rises in epochs or steps, as do the times of the `spikes`; `values` (N,) are in the
    unit of the loss, as is `sigma`, the noise of one value. `logged` (2, M) are the times and the
    values as they were logged, which of a long curve are more.
    """

    at: NDArray[np.float64]
    values: NDArray[np.float64]
    sigma: float
    spikes: tuple[float, ...]
    logged: NDArray[np.float64]

    def logged_at(self, time: float) -> float:
        """Return when a value was logged that lies nearest to a time: a sentence names no other."""
        times = self.logged[0]
        return float(times[np.argmin(np.abs(times - time))])

    @property
    def tail(self) -> int:
        """How many values make a level: an odd number."""
        if len(self.values) < SHORT:
            return 1
        return max(3, 2 * round(TAIL * len(self.values) / 2) + 1)

    @cached_property
    def levels(self) -> NDArray[np.float64]:
        """The level (N,) around each value; at the end that of a line, or of the last three."""
        levels: NDArray[np.float64] = edged(self.at, self.values, self.tail)
        if self.turns:
            last = slice(-BESIDE, None)
            levels[last] = line(self.at[last], self.values[last], self.at[last])
        return levels

    @property
    def turns(self) -> bool:
        """Whether the last three values all lie on one side of where the course before leads."""
        if len(self.values) < SHORT:
            return False
        before = slice(-LONGER * self.tail - 1 - BESIDE, -BESIDE)
        led = line(self.at[before], self.values[before], self.at[-BESIDE:])
        off = self.values[-BESIDE:] - led
        return bool(np.abs(off).min() > SURE * self.sigma and np.ptp(np.sign(off)) == 0)

    @cached_property
    def surely(self) -> NDArray[np.float64]:
        """The levels (N,), at the start no lower than they surely are: few values stand there."""
        widths = np.full(len(self.levels), float(self.tail))
        half = self.tail // 2
        widths[:half] = 2 * np.arange(half) + 1
        doubt: NDArray[np.float64] = widths**-0.5 - self.tail**-0.5
        return self.levels + MEDIAN_ERROR * self.sigma * doubt

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
        """The lowest level."""
        return float(self.surely.min())

    @property
    def bottom(self) -> int:
        """The place of the lowest level, the last one where there are several."""
        return int(len(self.levels) - 1 - self.surely[::-1].argmin())

    @cached_property
    def best(self) -> int:
        """The place of the best value: a valley is found however narrow, but no lone value."""
        return best(self.values)

    @cached_property
    def lowest(self) -> tuple[float, float]:
        """The lowest loss that lasted, as it was logged, and its time."""
        times = self.at[[max(0, self.best - 1), min(len(self.at) - 1, self.best + 1)]]
        around = (self.logged[0] >= times[0]) & (self.logged[0] <= times[1])
        place = np.flatnonzero(around)[best(self.logged[1, around])]
        return float(self.logged[1, place]), float(self.logged[0, place])

    @property
    def last(self) -> float:
        """The last loss as it was logged."""
        return float(self.logged[1, -1])

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
        return float(2**0.5 * max(white, GAUSSIAN * self.bend / 6**0.5))

    @property
    def bend(self) -> float:
        """How far three levels that share no value bend, away from the steps of the course."""
        levels, tail = self.levels, self.tail
        bends = np.abs(levels[: -2 * tail] - 2 * levels[tail:-tail] + levels[2 * tail :])
        reach = np.arange(len(bends))
        calm = np.ones(len(bends), bool)
        for step in steps(self.values, self.sigma):
            calm &= (reach + 2 * tail + tail // 2 < step) | (reach - tail // 2 >= step)
        return float(np.median(bends[calm])) if calm.any() else 0.0

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
    logged = np.stack([at[finite], values[finite]])
    at, values = thinned(*logged)
    sigma, spikes = noise(values)
    places = list(spikes)
    mended = values.copy()
    mended[places] = running_median(values, NEIGHBOURS)[places]
    return Trace(
        at=at,
        values=mended,
        sigma=sigma,
        spikes=tuple(float(at[place]) for place in places),
        logged=logged,
    )


def best(values: NDArray[np.float64]) -> int:
    """Return the place of the lowest of three values whose median is lowest, the last such three.

    >>> best(np.array([5.0, 1.0, 4.0, 3.0, 2.0, 3.0, 6.0]))
    4
    """
    if len(values) < BESIDE:
        return int(len(values) - 1 - values[::-1].argmin())
    medians = np.median(sliding_window_view(values, BESIDE), axis=1)
    first = int(len(medians) - 1 - medians[::-1].argmin())
    return first + int(values[first : first + BESIDE].argmin())


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
