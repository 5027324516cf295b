"""What each condition costs, or scores: one row a condition, the references beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.role import AUDITED
from reports.figures.curves import cells
from reports.figures.mean import Mean, mean
from reports.figures.spread import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audit.measurement import Measurement, Scalar
    from audit.policy.rule import Rule
    from reports.figures.evidence import Panel
    from reports.figures.material import Material

    Values = Mapping[str, float]
    """One value an image."""


@dataclass(frozen=True, kw_only=True)
class Drop:
    """What one condition costs or yields, of the audited model and the references; the bound."""

    label: str
    mine: Mean
    references: tuple[float, ...]
    allowed: float | None = None


def drops(material: Material) -> list[Drop]:
    """Return the drop of every condition, in the probe's order; empty without untouched scores."""
    return conditions(material, lost, allowed)


def means(material: Material) -> list[Drop]:
    """Return the mean of every condition as it is, in the probe's order."""
    return conditions(material, lambda there, _: there, asked)


def conditions(
    material: Material,
    counted: Callable[[Values, Values], Values],
    bound: Callable[[Mapping[str, Scalar], Sequence[Rule]], float | None],
) -> list[Drop]:
    """Return the mean over images of what is counted, from the values there and untouched."""
    made = []
    clean = {role: material.clean.get(role, []) for role in material.rows}
    for panel in material.panels:
        tables = {
            role: cells(panel, rows, clean[role], material.words)
            for role, rows in material.rows.items()
        }
        for level in panel.levels or (None,):
            at = dict(panel.fixed)
            if panel.axis and level is not None:
                at[panel.axis] = level
            found = {
                role: mean(
                    counted(table.get(level, {}), untouched(panel, table, clean[role])),
                    material.where,
                )
                for role, table in tables.items()
            }
            if mine := found.pop(AUDITED):
                others = tuple(one.value for one in found.values() if one)
                label = material.words.condition(at) if at else "all"
                limit = bound(at, material.rules)
                made.append(Drop(label=label, mine=mine, references=others, allowed=limit))
    return made


def untouched(
    panel: Panel, table: Mapping[Scalar | None, Values], clean: Sequence[Measurement]
) -> Values:
    """Return the value of each image as it is."""
    if panel.axis:
        return table.get(None, {})
    return {row.sample: row.value for row in clean if row.sample and row.value is not None}


def lost(there: Values, before: Values) -> dict[str, float]:
    """Return what each image lost."""
    return {name: before[name] - value for name, value in there.items() if name in before}


def asked(at: Mapping[str, Scalar], rules: Sequence[Rule]) -> float | None:
    """Return the value that a rule asks for at a condition."""
    return next((rule.bound for rule in rules if absolute(rule) and rule.at == at), None)


def allowed(at: Mapping[str, Scalar], rules: Sequence[Rule]) -> float | None:
    """Return the largest drop that a rule allows at a condition."""
    bounds = [
        rule.bound
        for rule in rules
        if rule.against == ("clean",) and rule.at_most is not None and rule.at == at
    ]
    return min(bounds, default=None)
