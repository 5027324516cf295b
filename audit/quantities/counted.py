"""Statistics of what was counted: all that there is, or how often something happened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.quantities.finding import Finding
from audit.quantities.terms import ratio
from audit.statistics.estimate import Estimate

if TYPE_CHECKING:
    from audit.quantities.evidence import Evidence
    from audit.quantities.quantity import Quantity
    from audit.statistics.estimate import Scope

CENSUS = "census"
"""The method of an estimate that is about exactly what was measured, and nothing beyond."""


def census(evidence: Evidence, _: Quantity, __: Scope) -> Finding:
    """Return the mean of everything that there is: no sample of anything, so without error."""
    return Finding(estimate=constant(float(evidence.values[:, 0].mean()), evidence))


def constant(value: float, evidence: Evidence) -> Estimate:
    """Return a value that was not sampled from anything, and has no error."""
    return Estimate(
        value=value,
        n=len(evidence.samples),
        groups=len(set(evidence.groups)),
        method=CENSUS,
        error=0.0,
        unit=evidence.unit,
    )


def rate(evidence: Evidence, _: Quantity, scope: Scope) -> Finding:
    """Return events per unit of exposure, with the exact interval of a Poisson count or a wider.

    A value is a rate, its weight the exposure; their product is the number of events. Where images
    vary more than Poisson counts, or those of one movie resemble each other, the interval is that
    of their mean. Where the images allow no interval there is none.
    """
    values, weights = evidence.values[:, 0], evidence.weights[:, 0]
    over, exposure = ratio(evidence, values, weights).estimate(scope), float(weights.sum())
    if evidence.unit != "image":
        return Finding(estimate=exact(over, exposure))
    return Finding(estimate=over if over.interval() is None else at_least_exact(over, exposure))


def at_least_exact(over: Estimate, exposure: float) -> Estimate:
    """Return the estimate of a rate over images, or as that of counts where this is wider."""
    counted = exact(over, exposure)
    return over if width(over) > width(counted) else counted


def exact(over: Estimate, exposure: float) -> Estimate:
    """Return the estimate of a rate as one of independent counts."""
    events = round(over.value * exposure)
    method = f"{events} events, exact Poisson interval"
    return replace(over, method=method, draws=None, counted=(events, exposure))


def width(estimate: Estimate) -> float:
    """Return how wide a 95 % interval is; 0 where there is none."""
    low, high = estimate.interval() or (0.0, 0.0)
    return high - low
