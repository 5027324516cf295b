"""Statistics of what was counted: all that there is, or how often something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.policy.finding import Finding, over_images
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

    A value is a rate, its weight the exposure: together they are the events.
    """
    values, weights = evidence.values[:, 0], evidence.weights[:, 0]
    events, exposure = float((values * weights).sum()), float(weights.sum())
    whole = over_images(evidence, values)
    return Finding(
        estimate=Estimate(
            value=events / exposure,
            n=whole.n,
            groups=whole.groups,
            effective_n=whole.effective_n,
            unit=whole.unit,
            method=f"{events:.0f} events, exact Poisson interval",
            counted=(round(events), exposure),
        )
    )
