"""The statistics of a quantity: each an estimate with its uncertainty, from values one an image."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.associated import correlation, permutation
from audit.quantities.counted import census, rate
from audit.quantities.finding import Finding
from audit.quantities.terms import alike, knifed, ratio
from audit.statistics.curve import breaking_point, optimum
from audit.statistics.level import leveled

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from audit.quantities.evidence import Evidence
    from audit.quantities.quantity import Quantity
    from audit.quantities.terms import Terms
    from audit.statistics.estimate import Scope

FOLDS = 4
"""Within one movie a choice is made on three quarters of its images and tested on the fourth."""


def mean(evidence: Evidence, _: Quantity) -> Terms:
    """Return the mean over images."""
    return alike(evidence, evidence.values[:, 0])


def pooled(evidence: Evidence, _: Quantity) -> Terms:
    """Return sum(value * weight) / sum(weight): for IoU, the dataset's own; of rates the rate."""
    return ratio(evidence, evidence.values[:, 0], evidence.weights[:, 0])


def worst(evidence: Evidence, _: Quantity) -> Terms:
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
    return ratio(evidence, evidence.values[rows, chosen], unions[rows, chosen])


def gained(evidence: Evidence, _: Quantity) -> Terms:
    """Return what the best choice gains over the choice 1, chosen on other images.

    With several groups each half is tested with the choice of the other half; within one movie
    each quarter with that of the rest (cross-validation).
    """
    neutral = evidence.values[:, factors(evidence).index(1.0)]
    best = evidence.values[np.arange(len(evidence.samples)), chosen(evidence)]
    return alike(evidence, best - neutral)


def broken(evidence: Evidence, quantity: Quantity) -> Terms:
    """Return the logarithm of the severity at which the mean drop exceeds the tolerance.

    Where it never does, the last level is returned as a bound; nothing is extrapolated.
    """
    levels = factors(evidence)

    def point(kept: NDArray[np.bool_]) -> float:
        curve = list(evidence.values[kept].mean(0))
        return float(np.log(breaking_point(levels, curve, quantity.tolerance or 0) or levels[-1]))

    return knifed(evidence, point)


TERMS: dict[str, Callable[[Evidence, Quantity], Terms]] = {
    "mean": mean,
    "pooled": pooled,
    "rate": pooled,
    "worst": worst,
    "gain": gained,
    "breaking_point": broken,
}
"""The statistics that are made of what each image adds: such can be subtracted and averaged."""


def summed(evidence: Evidence, quantity: Quantity, scope: Scope) -> Finding:
    """Return what a statistic comes to that is made of terms."""
    return Finding(estimate=TERMS[quantity.statistic](evidence, quantity).estimate(scope))


def gain(evidence: Evidence, quantity: Quantity, scope: Scope) -> Finding:
    """Return what the best choice gains, and which it is."""
    peak = optimum(factors(evidence), list(evidence.values.mean(0)))
    return replace(summed(evidence, quantity, scope), choice=peak)


def severity(evidence: Evidence, quantity: Quantity, scope: Scope) -> Finding:
    """Return the severity at which the mean drop exceeds the quantity's tolerance."""
    return Finding(estimate=leveled(summed(evidence, quantity, scope).estimate))


def factors(evidence: Evidence) -> list[float]:
    """Return the choices as numbers."""
    return [float(choice) for choice in evidence.choices]  # type: ignore[arg-type]


STATISTICS: dict[str, Callable[[Evidence, Quantity, Scope], Finding]] = {
    "mean": summed,
    "pooled": summed,
    "worst": summed,
    "gain": gain,
    "breaking_point": severity,
    "census": census,
    "rate": rate,
    "correlation": correlation,
    "permutation": permutation,
}


def chosen(evidence: Evidence, sign: int = 1) -> NDArray[np.intp]:
    """Return for each observation the choice that is best on other images; `sign` -1: the least."""
    best = np.zeros(len(evidence.samples), np.intp)
    for proven in folds(evidence):
        # A lone image proves what was chosen on itself: too few for an interval, and so none.
        others = ~proven if not proven.all() else proven
        best[proven] = (sign * evidence.values[others]).mean(0).argmax()
    return best


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
