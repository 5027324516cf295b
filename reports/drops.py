"""What each condition costs: paired drops from the untouched image, one row a condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.curves import Mean, cells, mean
from reports.evidence import AUDITED
from reports.spread import absolute
from reports.words import condition_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Measurement, Scalar
    from audit.policy.rule import Rule
    from reports.evidence import Panel
    from reports.material import Material


@dataclass(frozen=True, kw_only=True)
class Drop:
    """What one condition costs or yields, of the audited model and the references; the bound."""

    label: str
    mine: Mean
    references: tuple[float, ...]
    allowed: float | None = None


def drops(material: Material) -> list[Drop]:
    """Return the drop of every condition, in the probe's order; empty without untouched scores."""
    made = []
    for panel in material.panels:
        tables = {
            role: cells(panel, rows, material.clean.get(role, []))
            for role, rows in material.rows.items()
        }
        for level in panel.levels or (None,):
            one = drop(material, panel, level, tables)
            made.extend([one] if one else [])
    return made


def means(material: Material) -> list[Drop]:
    """Return the mean of every condition as it is, in the probe's order."""
    made = []
    for panel in material.panels:
        for level in panel.levels or (None,):
            moved = {panel.axis: level} if panel.axis and level is not None else {}
            at = dict(panel.fixed) | moved
            found = {
                role: mean(cells(panel, rows, []).get(level, {}), material.where)
                for role, rows in material.rows.items()
            }
            mine = found.pop(AUDITED)
            others = tuple(one.value for one in found.values() if one)
            bound = next((r.limit for r in material.rules if absolute(r) and r.at == at), None)
            if mine is not None:
                label = condition_name(at) if at else "all"
                made.append(Drop(label=label, mine=mine, references=others, allowed=bound))
    return made


def drop(
    material: Material,
    panel: Panel,
    level: Scalar | None,
    tables: Mapping[str, Mapping[Scalar | None, Mapping[str, float]]],
) -> Drop | None:
    """Return what one condition costs; None where no image has both scores."""
    at = dict(panel.fixed) | ({panel.axis: level} if panel.axis and level is not None else {})
    paired = {
        role: mean(lost(table, material.clean.get(role, []), level, panel), material.where)
        for role, table in tables.items()
    }
    mine = paired.pop(AUDITED)
    if mine is None:
        return None
    return Drop(
        label=condition_name(at),
        mine=mine,
        references=tuple(one.value for one in paired.values() if one),
        allowed=allowed(at, material.rules),
    )


def lost(
    table: Mapping[Scalar | None, Mapping[str, float]],
    clean: Sequence[Measurement],
    level: Scalar | None,
    panel: Panel,
) -> dict[str, float]:
    """Return what each image lost at a level."""
    before = (
        table.get(None, {})
        if panel.axis
        else {row.sample: row.value for row in clean if row.sample and row.value is not None}
    )
    there = table.get(level, {})
    return {name: before[name] - value for name, value in there.items() if name in before}


def allowed(at: Mapping[str, Scalar], rules: Sequence[Rule]) -> float | None:
    """Return the largest drop that a rule allows at a condition."""
    bounds = [
        rule.limit
        for rule in rules
        if rule.against == ("clean",) and rule.at_most is not None and rule.at == at
    ]
    return min(bounds, default=None)
