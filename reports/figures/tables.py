"""Figures that are tables: what no drawing fits, and what a probe says in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.role import AUDITED
from reports.figures.figure import Figure, anchor
from reports.words import (
    NONE,
    capital,
    clean,
    count,
    listed,
    measured,
    short,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Measurement, Scalar
    from reports.figures.evidence import Question
    from reports.figures.material import Material
    from reports.vocabulary import Vocabulary

MOST_ROWS = 40


def of_everything(material: Material, table: Sequence[tuple[str, ...]]) -> Figure:
    """Return the table of everything that a probe of many measures found."""
    title = f"{count(len(table) - 1, 'measure')}, the mean of each beside its range"
    return Figure(
        anchor=anchor(material.question), finding=title, head=table[0], table=tuple(table[1:])
    )


def of_remarks(question: Question, rows: Sequence[Measurement], said: Mapping[str, str]) -> Figure:
    """Return a table of what a probe says in its own words; `said` is by condition."""
    if len(rows) == 1:
        (alone,) = said.values()
        return Figure(anchor=anchor(question), finding=clean(alone))
    names = apart([row.at for row in rows])
    words = [clean(said.get(str(dict(row.at))) or row.undefined) for row in rows]
    holding = [name for name, row in zip(names, rows, strict=True) if row.value == 1]
    return Figure(
        anchor=anchor(question),
        finding=listed(holding) if holding else "None of this is so, as far as can be told",
        head=("what", "is it so", "why"),
        table=tuple(zip(names, map(yes_or_no, rows), words, strict=True)),
    )


def apart(conditions: Sequence[Mapping[str, Scalar]]) -> list[str]:
    """Return what tells conditions apart, in words.

    >>> apart([{"run": "a", "condition": "diverged"}, {"run": "a", "condition": "good fit"}])
    ['Diverged', 'Good fit']
    """
    keys = dict.fromkeys(key for at in conditions for key in at)
    told = [key for key in keys if len({at.get(key) for at in conditions}) > 1] or list(keys)
    return [capital(", ".join(clean(at[key]) for key in told if key in at)) for at in conditions]


def yes_or_no(row: Measurement) -> str:
    """Return a flag as a word, any other value as a number."""
    if row.value in (0, 1):
        return "yes" if row.value else "no"
    return "cannot be told" if row.value is None else measured(row.value)


def of_rows(material: Material) -> Figure:
    """Return a table of measurements that no drawing fits, the references beside."""
    lone = [row for row in material.mine if row.sample is None] or material.mine
    if len(lone) > 1 and len({row.undefined or row.value for row in lone}) == 1:
        return Figure(
            anchor=anchor(material.question),
            finding=title_of(material.words.metric(material.metric), lone),
        )
    others = {role: rows for role, rows in material.rows.items() if role != AUDITED and rows}
    table = lines(lone[:MOST_ROWS], list(others.values()), material.words)
    left_out = len(lone) - len(table)
    name = material.words.metric(material.metric)
    return Figure(
        anchor=anchor(material.question),
        finding=title_of(material.words.metric(material.metric), lone),
        head=(
            *(("image",) if lone[0].sample else ()),
            "condition",
            f"{name}, this model",
            *(clean(role) for role in others),
        ),
        table=table,
        note=f"{left_out} more rows are in the record." if left_out else "",
    )


def lines(
    rows: Sequence[Measurement], others: Sequence[Sequence[Measurement]], words: Vocabulary
) -> tuple[tuple[str, ...], ...]:
    """Return each measurement in words, with those of others at the same image and condition."""
    beside = [{(row.sample, str(row.at)): row for row in other} for other in others]
    return tuple(
        (
            *((short(row.sample, 40),) if row.sample else ()),
            words.condition(row.at) if row.at else "all",
            said(row),
            *(said(other.get((row.sample, str(row.at)))) for other in beside),
        )
        for row in rows
    )


def title_of(name: str, lone: Sequence[Measurement]) -> str:
    """Return the finding of plain measurements, in words: the only one, or their range."""
    values = [row.value for row in lone if row.value is not None]
    name = capital(name)
    if not values:
        return f"{name} is undefined: {clean(lone[0].undefined)}"
    if len(set(values)) == 1:
        return f"{name} is {measured(values[0])}"
    return f"{name} lies between {measured(min(values))} and {measured(max(values))}"


def said(row: Measurement | None) -> str:
    """Return a measurement in a cell."""
    if row is None:
        return NONE
    return (
        measured(row.value) if row.value is not None else f"undefined: {short(row.undefined, 60)}"
    )
