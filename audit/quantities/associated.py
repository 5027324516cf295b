"""Statistics of two things at once: do they rise together, do two parts differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.finding import Finding
from audit.quantities.terms import Terms, pseudo_values
from audit.statistics.correlation import correlations, ranks
from audit.statistics.estimate import BOOTSTRAP_FROM, Estimate
from audit.statistics.permutation import Permuted, permutation_test

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.quantities.evidence import Evidence
    from audit.quantities.quantity import Quantity
    from audit.statistics.estimate import Scope

DRAWS = 1999
ALPHA = 0.05
"""The level that a p value is held to."""


def correlation(evidence: Evidence, quantity: Quantity, scope: Scope) -> Finding:
    """Return Spearman's correlation of a metric with the one beside it.

    Observations are clustered by track or image, in the scope "beyond" by movie. Ten or more
    clusters are resampled (bootstrap); of fewer, one is left out at a time (jackknife).
    """
    kept = ~np.isnan(evidence.beside)
    first, second = ranks(evidence.values[kept, 0]), ranks(evidence.beside[kept])
    seen = np.array(evidence.things if scope == "here" else evidence.groups)[kept]
    names, cluster = np.unique(seen, return_inverse=True)
    found = clustered if len(names) >= BOOTSTRAP_FROM else knifed
    unit = "object" if quantity.each else evidence.unit
    return Finding(estimate=replace(found(first, second, cluster, len(names)), unit=unit))


def clustered(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    cluster: NDArray[np.intp],
    count: int,
) -> Estimate:
    """Return a correlation whose clusters were resampled."""
    times = np.random.default_rng(0).multinomial(count, [1 / count] * count, DRAWS)
    return Estimate(
        value=whole(first, second),
        n=len(first),
        groups=count,
        method=f"bootstrap of {count} clusters",
        draws=correlations(first, second, times[:, cluster].astype(float)),
    )


def knifed(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    cluster: NDArray[np.intp],
    count: int,
) -> Estimate:
    """Return a correlation with the error of leaving out one cluster at a time."""
    value = whole(first, second)
    left = (cluster[None, :] != np.arange(count)[:, None]).astype(float)
    values = correlations(first, second, left) if count > 1 else np.array([value])
    apart = Terms(
        value=value,
        each=pseudo_values(value, values.tolist()),
        groups=tuple(str(number) for number in range(count)),
    )
    return replace(apart.estimate("here"), n=len(first), method=f"jackknife over {count} clusters")


def whole(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the correlation of all ranks."""
    return float(correlations(first, second, np.ones((1, len(first))))[0])


def permutation(evidence: Evidence, quantity: Quantity, _: Scope) -> Finding:
    """Return the p value of a difference between two parts, whose labels are exchanged at random.

    Whole groups are exchanged, never single frames of one movie. Where nothing can be exchanged,
    or too little to have seen an effect of `tolerance` standard deviations, there is no interval.
    """
    here = ~np.isnan(evidence.values)
    chosen = here.argmax(1)
    values = evidence.values[np.arange(len(chosen)), chosen]
    found = permutation_test(values.tolist(), (chosen > 0).tolist(), evidence.groups)
    blind = quantity.tolerance is not None and found.detectable > quantity.tolerance
    # A significant p always counts; no significance counts only where the test had the power.
    certain = found.p is not None and (found.p < ALPHA or not blind)
    return Finding(
        estimate=Estimate(
            value=1.0 if found.p is None else found.p,
            n=len(set(evidence.samples)),
            groups=len(set(evidence.groups)),
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
    least = f"{found.detectable:.2f} would be seen in four of five such data sets"
    return f"The parts lie {size} apart; {least}."
