"""Where a curve breaks: the severity at which the mean drop first exceeds a tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.quantities.absence import Absent
from audit.quantities.networks import value
from audit.quantities.quantity import Quantity
from audit.quantities.seen import see
from audit.quantities.statistic import factors
from audit.statistics.curve import breaking_point
from reports.figures.evidence import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.policy.rule import Rule
    from audit.quantities.seen import Seen
    from audit.record.record import Record
    from reports.figures.evidence import Panel
    from reports.figures.material import Material

TOLERANCE = 0.1
"""The drop that counts as breaking where no rule names one."""


@dataclass(frozen=True, kw_only=True)
class Break:
    """Where the mean drop first exceeds a tolerance; no point where it never does."""

    tolerance: float
    point: float | None
    interval: tuple[float, float] | None = None


def tolerance(panel: Panel, rules: Sequence[Rule]) -> float:
    """Return the drop that counts as breaking: a rule's, or a tenth."""
    named = [rule.tolerance for rule in rules if rule.tolerance and rule.over == panel.axis]
    bounds = [
        rule.bound
        for rule in rules
        if rule.against == ("clean",) and rule.at_most and panel.holds(rule.at)
    ]
    return max(named or bounds or [TOLERANCE])


def broken(record: Record, material: Material, panel: Panel) -> Break | None:
    """Return the breaking point of the audited model; None on an axis of fewer than two numbers."""
    levels = [float(one) for one in panel.levels if counted(one) and float(one) > 0]
    if len(levels) < max(2, len(panel.levels)):
        return None
    limit = tolerance(panel, material.rules)
    sought = Quantity(
        probe=material.question.name,
        metric=material.metric,
        at=dict(panel.fixed),
        statistic="breaking_point",
        over=panel.axis,
        against=("clean",),
        tolerance=limit,
    )
    seen = see(record, sought)
    if isinstance(seen, Absent) or len(seen.evidence.choices) < 2:  # noqa: PLR2004
        return None
    return found_in(seen)


def found_in(seen: Seen) -> Break:
    """Return the breaking point of drops, with its interval where it can be estimated."""
    limit = seen.quantity.tolerance or TOLERANCE
    levels = factors(seen.evidence)
    point = breaking_point(levels, list(seen.evidence.values.mean(0)), limit)
    answer = value([seen]) if point is not None else None
    return Break(tolerance=limit, point=point, interval=answer.interval() if answer else None)
