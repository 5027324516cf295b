"""Means over images, with the intervals that their groups allow."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.statistics.estimate import estimate
from reports.figures.evidence import Place

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """Return the mean over images with the interval of its change from their untouched twins.

    That is what the rules judge, and narrower, since good and bad images suffer alike. Where a
    twin is missing, the interval is that of the mean itself.
    """
    if not values or not values.keys() <= untouched.keys():
        return mean(values, where)
    change = mean({name: values[name] - untouched[name] for name in values}, where)
    found = moved(change, statistics.fmean(untouched[name] for name in values))
    shares = all(0 <= one <= 1 for one in (*values.values(), *untouched.values()))
    return kept(found) if shares else found


def mean(values: Mapping[str, float], where: Mapping[str, Place]) -> Mean | None:
    """Return the mean over images with the interval that their groups allow."""
    if not values:
        return None
    lone = {name: where.get(name, Place(group=name, frame=0)) for name in values}
    found = estimate(list(values.values()), [lone[name].group for name in values])
    low, high = found.interval() or (None, None)
    whole = Mean(value=found.value, low=low, high=high, n=found.n)
    return kept(whole) if all(0 <= one <= 1 for one in values.values()) else whole


def kept(found: Mean | None) -> Mean | None:
    """Return a mean whose interval ends at 0 and 1, which Student's t does not know."""
    if found is None or found.low is None or found.high is None:
        return found
    return replace(found, low=max(found.low, 0.0), high=min(found.high, 1.0))


def moved(change: Mean | None, start: float) -> Mean | None:
    """Return the mean of a change, with its interval, from where it began."""
    if change is None or change.low is None or change.high is None:
        return change and replace(change, value=start + change.value)
    low, value, high = (start + one for one in (change.low, change.value, change.high))
    return replace(change, low=low, value=value, high=high)
