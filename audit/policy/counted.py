"""Statistics of what was counted: all that there is, or how often something happened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.policy.finding import Finding, ratio
from audit.statistics.estimate import Estimate

if TYPE_CHECKING:
    from audit.policy.evidence import Evidence
    from audit.policy.rule import Rule

CENSUS = "census"
"""The method of an estimate that is about exactly what was measured, and nothing beyond."""


def census(evidence: Evidence, _: Rule) -> Finding:
    """Return the mean of everything that there is: no sample of anything, so without error."""
    count = len(evidence.samples)
    return Finding(
        estimate=Estimate(
            value=float(evidence.values[:, 0].mean()),
            n=count,
            groups=len(set(evidence.groups)),
            effective_n=float(count),
            method=CENSUS,
            error=0.0,
        )
    )


def rate(evidence: Evidence, _: Rule) -> Finding:
    """Return events per unit of exposure, with the exact interval of a Poisson count.

    A value is a rate, its weight the exposure: together they are the events. Where images differ
    more than counts by chance do, or those of one movie resemble each other, events are worth as
    many independent ones as would scatter as much; where images allow no interval there is none.
    Source: Rao and Scott 1992, doi:10.2307/2532311.
    """
    values, weights = evidence.values[:, 0], evidence.weights[:, 0]
    events, exposure = float((values * weights).sum()), float(weights.sum())
    over = ratio(evidence, values, weights)
    if evidence.unit == "image" and over.interval() is None:
        return Finding(estimate=over)
    worth = 1 / overdispersion(over, exposure) if evidence.unit == "image" and events else 1.0
    method = f"{events:.0f} events, worth {worth * events:.1f}, exact Poisson interval"
    counted = worth * events, worth * exposure
    return Finding(estimate=replace(over, method=method, counted=counted))


def overdispersion(over: Estimate, exposure: float) -> float:
    """Return the variance of a rate over images, in units of what counts by chance have; 1 or more.

    Chance alone gives a rate the variance rate / exposure.
    """
    error = over.error if over.draws is None else float(over.draws.std())
    return max(1.0, (error or 0.0) ** 2 * exposure / over.value)
