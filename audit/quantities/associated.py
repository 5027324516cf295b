"""Statistics of two things at once: do they rise together, do two parts differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.finding import Finding, jackknife, parts
from audit.statistics.correlation import correlations, ranks
from audit.statistics.estimate import BOOTSTRAP_FROM, Estimate
from audit.statistics.permutation import Permuted, permutation_test

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.policy.rule import Rule
    from audit.quantities.evidence import Evidence

DRAWS = 1999


def correlation(evidence: Evidence, _: Rule) -> Finding:
    """Return Spearman's correlation of a metric with the one beside it.

    Clusters (tracks, movies) are resampled from ten on; fewer, and the quarters of one movie, are
    left out one at a time.
    """
    kept = ~np.isnan(evidence.beside)
    first, second = ranks(evidence.values[kept, 0]), ranks(evidence.beside[kept])
    names, cluster = np.unique(np.array(evidence.groups)[kept], return_inverse=True)
    if len(names) >= BOOTSTRAP_FROM:
        times = np.random.default_rng(0).multinomial(
            len(names), [1 / len(names)] * len(names), DRAWS
        )
        return Finding(estimate=clustered(first, second, times[:, cluster], len(names)))
    left = np.array([~part[kept] for part in parts(evidence)], float)
    return Finding(estimate=knifed(first, second, left, len(names)))


def clustered(
    first: NDArray[np.float64], second: NDArray[np.float64], times: NDArray[np.int64], count: int
) -> Estimate:
    """Return a correlation whose clusters were resampled."""
    return Estimate(
        value=float(correlations(first, second, np.ones((1, len(first))))[0]),
        n=len(first),
        groups=count,
        effective_n=float(count),
        method=f"bootstrap of {count} groups",
        draws=correlations(first, second, times.astype(float)),
        unit="object",
    )


def knifed(
    first: NDArray[np.float64], second: NDArray[np.float64], left: NDArray[np.float64], count: int
) -> Estimate:
    """Return a correlation with the error of leaving out one part at a time."""
    enough = len(left) > 1 and bool((left.sum(1) > 0).all())
    values = correlations(first, second, left) if enough else np.zeros(1)
    return Estimate(
        value=float(correlations(first, second, np.ones((1, len(first))))[0]),
        n=len(first),
        groups=count,
        effective_n=float(len(left)),
        method=f"jackknife over {len(left)} parts",
        error=jackknife(values) if enough else None,
        freedom=max(1.0, len(left) - 1.0),
        unit="object",
    )


def permutation(evidence: Evidence, rule: Rule) -> Finding:
    """Return the p value of a difference between two parts, whose labels are exchanged at random.

    Whole groups are exchanged, never single frames of one movie. Where nothing can be exchanged,
    or too little to have seen an effect of `tolerance` standard deviations, there is no interval.
    """
    here = ~np.isnan(evidence.values)
    chosen = here.argmax(1)
    values = evidence.values[np.arange(len(chosen)), chosen]
    found = permutation_test(values.tolist(), (chosen > 0).tolist(), evidence.groups)
    blind = rule.tolerance is not None and found.detectable > rule.tolerance
    certain = found.p is not None and not (blind and found.p >= rule.bound)
    return Finding(
        estimate=Estimate(
            value=1.0 if found.p is None else found.p,
            n=len(set(evidence.samples)),
            groups=len(set(evidence.groups)),
            effective_n=float(min(found.n)),
            method=found.method,
            error=0.0 if certain else None,
        ),
        note=told(found),
        impossible=found.p is None,
    )


def told(found: Permuted) -> str:
    """Return how far two parts lie apart and how far they would have to, in one sentence or two."""
    size = f"{abs(found.effect):.2f} standard deviations of an image"
    if found.p is None:
        return f"{found.method}. That these parts lie {size} apart holds for them alone."
    least = f"asked alone, {found.detectable:.2f} would be seen four times in five"
    return f"The parts lie {size} apart; {least}."
