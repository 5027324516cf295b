"""Means over images, with the intervals that their groups allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.terms import Terms
from audit.statistics.estimate import USUAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from audit.quantities.table import Place


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean over images with its 95 % interval, None where the data allow none."""

    value: float
    low: float | None
    high: float | None
    n: int


def beside(
    values: Mapping[str, float], untouched: Mapping[str, float], where: Mapping[str, Place]
) -> Mean | None:
    """Return the mean over images with the interval of the change from the untouched images.

    That is what the rules judge, and narrower, since differences between images cancel. Where an
    untouched value is missing, the interval is that of the mean itself.
    """
    if not values or not values.keys() <= untouched.keys():
        return mean(values, where)
    twins = np.array([untouched[name] for name in values])
    there = np.array(list(values.values()))
    shares = among_shares(there) and among_shares(twins)
    return estimated(values, there - twins + twins.mean(), where, shares=shares)


def mean(values: Mapping[str, float], where: Mapping[str, Place]) -> Mean | None:
    """Return the mean over images with the interval that their groups allow."""
    there = np.array(list(values.values()))
    return estimated(values, there, where, shares=among_shares(there)) if values else None


def estimated(
    values: Mapping[str, float],
    terms: NDArray[np.float64],
    where: Mapping[str, Place],
    *,
    shares: bool,
) -> Mean:
    """Return the mean of values with the interval of terms of the same mean."""
    groups = tuple(where[name].group if name in where else name for name in values)
    value = float(np.mean(list(values.values())))
    found = Terms(value=value, each=terms, groups=groups).estimate(USUAL)
    low, high = found.interval() or (None, None)
    if shares and low is not None and high is not None:
        # An interval of shares ends at 0 and 1, which Student's t does not know.
        low, high = max(low, 0.0), min(high, 1.0)
    return Mean(value=value, low=low, high=high, n=found.n)


def among_shares(values: NDArray[np.float64]) -> bool:
    """Return whether every value lies in 0 to 1."""
    return bool(((values >= 0) & (values <= 1)).all())
