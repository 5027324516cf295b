"""The statistics of a rule: each an estimate with its uncertainty, from values one an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.associated import correlation, permutation
from audit.quantities.counted import census, rate
from audit.quantities.finding import Finding, jackknife, over_images, parts, ratio
from audit.statistics.curve import breaking_point, optimum
from audit.statistics.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from audit.policy.rule import Rule
    from audit.quantities.evidence import Evidence


def mean(evidence: Evidence, _: Rule) -> Finding:
    """Return the mean over images."""
    return Finding(estimate=over_images(evidence, evidence.values[:, 0]))


def pooled(evidence: Evidence, _: Rule) -> Finding:
    """Return sum(value * weight) / sum(weight): for IoU, the dataset's own."""
    return Finding(estimate=ratio(evidence, evidence.values[:, 0], evidence.weights[:, 0]))


def worst(evidence: Evidence, rule: Rule) -> Finding:
    """Return the pooled value of the worst choice of one condition for each image.

    The lowest where a rule asks for at least, the highest where it asks for at most. Exact for one
    class: min over choices of sum(I) / sum(U), by repeating a = argmin(I - r U), r = sum(I) /
    sum(U), from any choice on. Source: Dinkelbach 1967, doi:10.1287/mnsc.13.7.492.
    """
    unions = evidence.weights
    shared = evidence.values * unions * (1 if rule.at_least is not None else -1)
    rows = np.arange(len(unions))
    chosen, value = np.zeros(len(unions), int), np.inf
    while True:
        total = unions[rows, chosen].sum()
        lower = shared[rows, chosen].sum() / total if total else 0.0
        if not lower < value - 1e-12:
            break
        value = lower
        chosen = (shared - value * unions).argmin(1)
    return Finding(estimate=ratio(evidence, evidence.values[rows, chosen], unions[rows, chosen]))


def gain(evidence: Evidence, _: Rule) -> Finding:
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
    return Finding(estimate=over_images(evidence, gains), choice=peak)


def broken(evidence: Evidence, rule: Rule) -> Finding:
    """Return the severity at which the mean drop exceeds the rule's tolerance.

    Its uncertainty is that of leaving out one group, or one quarter of a movie, at a time.
    """
    assert rule.tolerance is not None
    levels = [float(choice) for choice in evidence.choices]  # type: ignore[arg-type]
    # An axis that never breaks is said to break at its end: a bound, never an extrapolation.
    everyone = np.ones(len(evidence.samples), bool)
    kept = [~one for one in parts(evidence) if not one.all()]
    curves = [evidence.values[some].mean(0) for some in (everyone, *kept)]
    points = np.log(
        [breaking_point(levels, list(one), rule.tolerance) or levels[-1] for one in curves]
    )
    left = points[1:]
    whole = over_images(evidence, evidence.values[:, 0])
    point = float(np.exp(points[0]))
    # Too short a movie has no interval, here as for a mean.
    error = None if whole.interval() is None else jackknife(left) * point
    return Finding(
        estimate=Estimate(
            value=point,
            n=whole.n,
            groups=whole.groups,
            effective_n=whole.effective_n,
            method=f"jackknife over {len(left)} parts",
            error=error,
            freedom=max(1.0, len(left) - 1.0),
        )
    )


STATISTICS: dict[str, Callable[[Evidence, Rule], Finding]] = {
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
    """Return two halves of the groups, or within one movie its quarters."""
    names = sorted(set(evidence.groups))
    if len(names) == 1:
        return parts(evidence)
    half = {name: index % 2 for index, name in enumerate(names)}
    halves = np.array([half[name] for name in evidence.groups])
    return [halves == index for index in (0, 1)]
