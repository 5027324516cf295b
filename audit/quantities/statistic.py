"""The statistics of a quantity: each an estimate with its uncertainty, from values one an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.associated import correlation, permutation
from audit.quantities.counted import census, rate
from audit.quantities.finding import FOLDS, Finding, over_images, ratio
from audit.statistics.curve import breaking_point, optimum
from audit.statistics.estimate import from_jackknife, leveled

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from audit.quantities.evidence import Evidence
    from audit.quantities.quantity import Quantity
    from audit.statistics.estimate import Scope


def mean(evidence: Evidence, _: Quantity, scope: Scope) -> Finding:
    """Return the mean over images."""
    return Finding(estimate=over_images(evidence, evidence.values[:, 0], scope))


def pooled(evidence: Evidence, _: Quantity, scope: Scope) -> Finding:
    """Return sum(value * weight) / sum(weight): for IoU, the dataset's own."""
    values, weights = evidence.values[:, 0], evidence.weights[:, 0]
    return Finding(estimate=ratio(evidence, values, weights, scope))


def worst(evidence: Evidence, _: Quantity, scope: Scope) -> Finding:
    """Return the pooled value of the worst choice of one condition for each image.

    Exact for one class: min over choices of sum(I) / sum(U), by repeating a = argmin(I - r U), r =
    sum(I) / sum(U), from any choice on; the highest where more is worse. Source: Dinkelbach 1967,
    doi:10.1287/mnsc.13.7.492.
    """
    unions = evidence.weights
    shared = evidence.values * unions * -evidence.sign
    rows = np.arange(len(unions))
    chosen, value = np.zeros(len(unions), int), np.inf
    while True:
        total = unions[rows, chosen].sum()
        lower = shared[rows, chosen].sum() / total if total else 0.0
        if not lower < value - 1e-12:
            break
        value = lower
        chosen = (shared - value * unions).argmin(1)
    values, weights = evidence.values[rows, chosen], unions[rows, chosen]
    return Finding(estimate=ratio(evidence, values, weights, scope))


def gain(evidence: Evidence, _: Quantity, scope: Scope) -> Finding:
    """Return what the best choice gains over the choice 1, chosen on other images.

    With several groups each half is proven with the choice of the other; within one movie each
    quarter with that of the rest.
    """
    factors = [float(choice) for choice in evidence.choices]  # type: ignore[arg-type]
    neutral = factors.index(1.0)
    gains = np.zeros(len(evidence.samples))
    for proven in folds(evidence):
        # A lone image proves what was chosen on itself: too few for an interval, and so none.
        others = ~proven if not proven.all() else proven
        best = evidence.values[others].mean(0).argmax()
        gains[proven] = evidence.values[proven, best] - evidence.values[proven, neutral]
    peak = optimum(factors, list(evidence.values.mean(0)))
    return Finding(estimate=over_images(evidence, gains, scope), choice=peak)


def broken(evidence: Evidence, quantity: Quantity, scope: Scope) -> Finding:
    """Return the severity at which the mean drop exceeds the quantity's tolerance.

    Its uncertainty, in the logarithm of the level, is that of leaving out one image at a time. An
    axis that never breaks is said to break at its end: a bound, never an extrapolation.
    """
    assert quantity.tolerance is not None
    levels = [float(choice) for choice in evidence.choices]  # type: ignore[arg-type]
    everyone = range(len(evidence.samples))

    def point(left_out: int | None = None) -> float:
        kept = [number for number in everyone if number != left_out] or [0]
        curve = list(evidence.values[kept].mean(0))
        return float(np.log(breaking_point(levels, curve, quantity.tolerance or 0) or levels[-1]))

    left = [point(number) for number in everyone]
    return Finding(estimate=leveled(from_jackknife(point(), left, evidence.groups, scope)))


STATISTICS: dict[str, Callable[[Evidence, Quantity, Scope], Finding]] = {
    "mean": mean,
    "pooled": pooled,
    "worst": worst,
    "gain": gain,
    "breaking_point": broken,
    "census": census,
    "rate": rate,
    "correlation": correlation,
    "permutation": permutation,
}


def folds(evidence: Evidence) -> list[NDArray[np.bool_]]:
    """Return two halves of the groups, or within one movie its quarters, in their order."""
    names = sorted(set(evidence.groups))
    if len(names) > 1:
        half = {name: index % 2 for index, name in enumerate(names)}
        halves = np.array([half[name] for name in evidence.groups])
        return [halves == index for index in (0, 1)]
    images = np.unique(np.array(evidence.samples), return_inverse=True)[1]
    count = min(FOLDS, int(images.max()) + 1)
    quarter = images * count // (int(images.max()) + 1)
    return [quarter == index for index in range(count)]
