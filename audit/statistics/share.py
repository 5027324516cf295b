"""Shares of a count: how often something happened of so many times, and how sure one is of it."""

from __future__ import annotations

import math

from scipy.special import betaincinv, ndtri


def share_interval(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a probability, from 0 to 1, after at least one trial.

    Source: Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404.

    >>> [round(end, 3) for end in share_interval(8, 10)]
    [0.444, 0.975]
    >>> [round(end, 3) for end in share_interval(10, 10)]
    [0.692, 1.0]
    """
    tail = (1 - level) / 2
    misses = trials - hits
    low = float(betaincinv(hits, misses + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, misses, 1 - tail)) if misses else 1.0
    return low, high


def wilson_interval(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a probability, from 0 to 1, after at least one trial.

    It covers the probability as often as it says on average, where the exact one covers it more
    often: the one for tables of few trials. Source: Wilson 1927,
    doi:10.1080/01621459.1927.10502953.

    >>> [round(end, 3) for end in wilson_interval(8, 10)]
    [0.49, 0.943]
    >>> [round(end, 3) for end in wilson_interval(0, 4)]
    [0.0, 0.49]
    """
    square = float(ndtri((1 + level) / 2)) ** 2
    centre = (hits + square / 2) / (trials + square)
    half = math.sqrt(square * (hits * (trials - hits) / trials + square / 4)) / (trials + square)
    low = centre - half if hits else 0.0
    high = centre + half if hits < trials else 1.0
    return low, high
