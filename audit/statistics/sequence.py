"""A noisy sequence along time: its noise, its spikes, its level, its slope, where it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAUSSIAN = 1.4826
"""The standard deviation of a normal distribution in units of its median absolute deviation."""

SPIKE = 5.0
"""From this many standard deviations off its neighbours on, a lone value is a spike."""

NEIGHBOURS = 5
"""A value is compared with the median of these, itself in their middle."""

LEAST_FITTED = 6
"""A saturating curve has three parameters; from fewer points nothing is extrapolated."""

TIMES = 40
"""Time constants that are tried, from the spacing of the points to ten times their length."""


class SequenceNoise(NamedTuple):
    """The standard deviation around a smooth course, and the places of isolated spikes."""

    sigma: float
    spikes: tuple[int, ...]


class Slope(NamedTuple):
    """A rise per unit of time, and its standard error."""

    value: float
    error: float


class Forecast(NamedTuple):
    """A value that was not measured, with its interval; `now` is that of the fit at the end."""

    value: float
    low: float
    high: float
    now: float


def running_median(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the median of each value's neighbourhood; at the ends that of the last whole one.

    `width` is made odd, and no longer than the sequence.

    >>> running_median(np.array([5.0, 1.0, 9.0, 2.0, 3.0]), 3).tolist()
    [5.0, 5.0, 2.0, 3.0, 3.0]
    """
    longest = len(values) - (len(values) + 1) % 2
    width = min(width + (width + 1) % 2, longest)
    if width <= 1:
        return values.copy()
    middle = np.median(sliding_window_view(values, width), axis=1)
    return np.pad(middle, width // 2, mode="edge")


def noise(values: NDArray[np.float64]) -> SequenceNoise:
    """Return the noise of a sequence from its second differences, isolated spikes taken out.

    A straight course has none, whatever its slope. A spike is a value that lies `SPIKE` standard
    deviations off the median of its neighbours; the two values at either end are never called so.
    Below five values there is no telling, and the noise is 0. Source: Gasser et al. 1986,
    doi:10.1093/biomet/73.3.625, with the median in place of the mean.

    >>> noise(np.array([4.0, 3.0, 2.0, 9.0, 0.0, -1.0, -2.0])).spikes
    (3,)
    """
    if len(values) < NEIGHBOURS:
        return SequenceNoise(0.0, ())
    smooth = running_median(values, NEIGHBOURS)
    off = np.abs(values - smooth)
    off[:2] = off[-2:] = 0.0
    # Each spike bends three differences: the likeliest are left out before any is measured.
    likeliest = off >= np.sort(off)[-1 - len(off) // 10]
    floor = 1e-9 * float(np.ptp(values))
    spikes = off > max(SPIKE * spread(np.where(likeliest, smooth, values)), floor)
    mended = np.where(spikes, smooth, values)
    return SequenceNoise(spread(mended), tuple(int(place) for place in np.flatnonzero(spikes)))


def spread(values: NDArray[np.float64]) -> float:
    """Return the noise of a sequence by the median of its second differences."""
    bends = np.abs(np.diff(values, 2))
    # A course in steps bends hardly anywhere: half its bends are 0, though it is not free of noise.
    typical = GAUSSIAN * float(np.median(bends)) or float(np.mean(bends))
    return typical / 6**0.5


def slope(at: NDArray[np.float64], values: NDArray[np.float64]) -> Slope:
    """Return the least-squares slope of a sequence, with an error that knows of dependence.

    The error counts the effective number of the residuals. At least three points.

    >>> slope(np.arange(5.0), np.array([1.0, 3.0, 5.0, 7.0, 9.0]))
    Slope(value=2.0, error=0.0)
    """
    away = at - at.mean()
    power = float(away @ away)
    steep = float(away @ values) / power
    residuals = values - values.mean() - steep * away
    left = float(residuals @ residuals) / (len(values) - 2)
    dependence = len(values) / effective_n(residuals)
    return Slope(steep, (dependence * left / power) ** 0.5)


def extrapolate(
    at: NDArray[np.float64], values: NDArray[np.float64], beyond: float, level: float = 0.95
) -> Forecast:
    """Return where a saturating course a + b exp(-t / tau) will be at a time beyond its end.

    Least squares over a and b for each of a range of tau; the interval spans those of all tau that
    fit about as well (profile likelihood), and is wider where residuals are autocorrelated.
    Raises ValueError below `LEAST_FITTED` points. Source: Domhan et al. 2015 (IJCAI), the
    exponential family of learning curves.

    >>> t = np.arange(30.0)
    >>> round(extrapolate(t, 1 + np.exp(-t / 10), 60.0).value, 2)
    1.0
    """
    if len(values) < LEAST_FITTED:
        raise ValueError(f"expected at least {LEAST_FITTED} points, got {len(values)}")
    length = float(at[-1] - at[0])
    time, ahead = (at - at[0]) / length, (beyond - at[0]) / length
    coarse = fitted(time, values, ahead, np.geomspace(1 / len(values), 10, TIMES))
    nearest = int(coarse.misfit.argmin())
    around = coarse.constants[max(nearest - 1, 0)], coarse.constants[min(nearest + 1, TIMES - 1)]
    fine = fitted(time, values, ahead, np.geomspace(around[0], around[1], TIMES))
    best = int(fine.misfit.argmin())
    least = float(fine.misfit[best])
    freedom = max(effective_n(values - fine.course[best]) - 3, 1.0)
    reach = float(stdtrit(freedom, (1 + level) / 2))
    ends = []
    for fits in (coarse, fine):
        likely = fits.misfit <= least * (1 + reach**2 / freedom)
        margin = reach * np.sqrt(least * fits.leverage[likely] / freedom)
        ends += [*(fits.ahead[likely] - margin), *(fits.ahead[likely] + margin)]
    value, now = float(fine.ahead[best]), float(fine.course[best, -1])
    return Forecast(value, float(min(ends)), float(max(ends)), now)


class Fits(NamedTuple):
    """Saturating courses (K, N) of K time constants, where each leads to, and its misfit (K,)."""

    constants: NDArray[np.float64]
    course: NDArray[np.float64]
    ahead: NDArray[np.float64]
    misfit: NDArray[np.float64]
    leverage: NDArray[np.float64]


def fitted(
    time: NDArray[np.float64],
    values: NDArray[np.float64],
    ahead: float,
    constants: NDArray[np.float64],
) -> Fits:
    """Return the least-squares course of each time constant; `leverage` is of its value ahead."""
    decay = np.exp(-time / constants[:, None])
    middle = decay.mean(1, keepdims=True)
    away = decay - middle
    power = (away**2).sum(1)
    steep = away @ (values - values.mean()) / power
    course = values.mean() + steep[:, None] * away
    there = np.exp(-ahead / constants) - middle[:, 0]
    return Fits(
        constants=constants,
        course=course,
        ahead=values.mean() + steep * there,
        misfit=((values - course) ** 2).sum(1),
        leverage=1 / len(values) + there**2 / power,
    )


def effective_n(data: NDArray[np.float64]) -> float:
    """Return how many independent values would estimate the mean as well as an AR(1) series.

    n (1 - r) / (1 + r), r the lag-1 autocorrelation, its small-sample bias of (1 + 4 r) / n taken
    out (Marriott and Pope 1954, doi:10.1093/biomet/41.3-4.390) and no lower than 0. Source: Zieba
    2010, doi:10.2478/v10178-010-0001-0.

    >>> effective_n(np.array([1.0, 2.0, 1.0, 2.0, 1.0, 2.0]))
    6.0
    """
    n = len(data)
    residuals = data - data.mean()
    power = float(residuals @ residuals)
    # Five values or fewer, or a constant, say nothing of autocorrelation.
    if n <= 5 or power <= 1e-24 * n:  # noqa: PLR2004
        return float(n)
    raw = float(residuals[1:] @ residuals[:-1]) / power
    lag = min(max((n * raw + 1) / (n - 4), 0.0), 0.99)
    return float(max(1.0, n * (1 - lag) / (1 + lag)))
