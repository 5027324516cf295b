"""A figure as the page shows it: its finding, its drawing, and the key to its marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import findings, losses
from reports.evidence import AUDITED
from reports.figures import draw_curves, draw_drops, draw_spread
from reports.home import said as home_of
from reports.pairs import draw_pairs
from reports.pairs import title_of as title_of_pairs
from reports.words import (
    NONE,
    capital,
    clean,
    condition_name,
    count,
    listed,
    measured,
    metric_name,
    number,
    short,
    slug,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Measurement, Scalar
    from reports.curves import Chart
    from reports.drops import Drop
    from reports.evidence import Question
    from reports.filmstrip import Filmstrip
    from reports.losses import Training
    from reports.material import Material
    from reports.pairs import Pairs
    from reports.spread import Spread


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A finding, the drawing that shows it, its key, its numbers, and pictures that prove it.

    `svg` is drawn by us alone and is the only text that the page does not escape.
    """

    anchor: str
    finding: str
    svg: str = ""
    key: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    strips: tuple[Filmstrip, ...] = ()
    note: str = ""
    everything: tuple[tuple[str, ...], ...] = ()


def anchor(question: Question) -> str:
    """Return where a figure stands in the page."""
    return f"figure-{slug(clean(question.name))}"


def of_spread(material: Material, found: Spread) -> Figure:
    """Return the scatter of single images."""
    title = capital(findings.of_spread(found))
    if len(found.points) > 1 and found.constant:
        # A flat line says less than one sentence.
        return Figure(
            anchor=anchor(material.question), finding=capital(findings.of_constant(found))
        )
    return Figure(
        anchor=anchor(material.question),
        finding=title,
        svg=draw_spread(found, title),
        key=key(
            len(found.references),
            mine="this model, one dot an image",
            limit=bool(found.limits),
            hidden=found.hidden,
        ),
        note=extremes(found) if len(found.points) > 1 else "",
    )


def of_drops(material: Material, found: Sequence[Drop]) -> Figure:
    """Return what each condition costs."""
    title = findings.of_drops(found, material.metric)
    limit = any(one.allowed is not None for one in found)
    return Figure(
        anchor=anchor(material.question),
        finding=title,
        svg=draw_drops(found, f"{metric_name(material.metric)} lost, against the untouched", title),
        key=key(
            most(found), mine="this model, mean loss with 95 % interval", limit=limit, ticks=True
        ),
    )


def of_means(material: Material, found: Sequence[Drop]) -> Figure:
    """Return the mean of each condition."""
    title = capital(findings.of_means(found, material.metric))
    limit = any(one.allowed is not None for one in found)
    mine = "this model, mean with 95 % interval"
    return Figure(
        anchor=anchor(material.question),
        finding=title,
        svg=draw_drops(found, metric_name(material.metric), title),
        key=key(most(found), mine=mine, limit=limit, ticks=True),
    )


def of_everything(material: Material, table: Sequence[tuple[str, ...]]) -> Figure:
    """Return the table of everything that a probe of many measures found."""
    title = f"{count(len(table) - 1, 'measure')}, the mean of each beside its range"
    return Figure(
        anchor=anchor(material.question), finding=title, head=table[0], table=tuple(table[1:])
    )


def of_charts(material: Material, charts: Sequence[Chart]) -> Figure:
    """Return curves along an axis of severity."""
    title = capital(findings.of_charts(charts))
    return Figure(
        anchor=anchor(material.question),
        finding=title,
        svg=draw_curves(charts, title),
        key=key_of(charts),
        note=" ".join(filter(None, map(home_of, charts))),
    )


def of_pairs(material: Material, found: Pairs) -> Figure:
    """Return two metrics of the same objects against each other."""
    title = capital(title_of_pairs(found))
    return Figure(anchor=anchor(material.question), finding=title, svg=draw_pairs(found, title))


def of_trainings(question: Question, found: Sequence[Training], remarks: Sequence[str]) -> Figure:
    """Return the curves of a training, and what was remarked on its log."""
    title = losses.title_of(found)
    return Figure(
        anchor=anchor(question),
        finding=title,
        svg=losses.draw_trainings(found, title),
        key=losses.key_of(found),
        note=notes(remarks),
    )


def notes(remarks: Sequence[str]) -> str:
    """Return remarks that consist of several, each once.

    >>> notes(["the loss is `loss`; resumed at 5", "the loss is `loss`"])
    'The loss is `loss`; resumed at 5.'
    """
    parts = dict.fromkeys(clean(part) for one in remarks for part in one.split("; ") if part)
    return capital("; ".join(parts)) + "." * bool(parts)


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


def extremes(found: Spread) -> str:
    """Return the worst images by name."""
    named = [f"{short(one.sample, 60)} ({number(one.value)})" for one in found.worst]
    return f"{'Highest' if found.high_is_bad else 'Lowest'}: {', '.join(named)}."


def key_of(charts: Sequence[Chart]) -> tuple[tuple[str, str], ...]:
    """Return the key of curves: only what they show."""
    means = [mean for one in charts for mean in one.mine.means if mean]
    banded = any(mean.low is not None for mean in means)
    mine = "this model, mean" + (", with the 95 % interval of its change" if banded else "")
    others = {curve.role for one in charts for curve in one.curves[1:] if any(curve.means)}
    found = key(len(others), mine=mine, limit=False, dots=False)
    if any(one.limits for one in charts):
        found = (*found, ("here", "bound of a rule, where one applies"))
    if any(one.mine.threads for one in charts):
        found = (*found, ("thread", "single images"))
    if any(one.beside for one in charts):
        found = (*found, ("beside", "random noise of the same size"))
    if any(one.home for one in charts):
        found = (*found, ("home", "where these images themselves lie (middle 80 %)"))
    points = [one.broken for one in charts if one.broken and one.broken.point is not None]
    if points:
        meaning = f"where more than {points[0].tolerance:g} is lost, with its interval"
        found = (*found, ("break", meaning))
    return found


def most(found: Sequence[Drop]) -> int:
    """Return how many references are drawn, at most, beside one condition."""
    return max(len(one.references) for one in found)


def key(
    others: int,
    *,
    mine: str,
    limit: bool,
    dots: bool = True,
    ticks: bool = False,
    hidden: bool = False,
) -> tuple[tuple[str, str], ...]:
    """Return the key of a figure as pairs of a mark and its meaning.

    `others` counts the references that are drawn; where they are `hidden` the key says where.
    """
    found = [("dot" if dots else "model", mine)]
    if others:
        who = "reference network" + "s" * (others > 1)
        behind = ", behind: hardly different" if hidden else ""
        found.append(("other" if ticks else "reference", who + behind))
    if limit:
        found.append(("break" if ticks else "bound", "bound of a rule"))
    return tuple(found)


MOST_ROWS = 40


def of_rows(material: Material) -> Figure:
    """Return a table of measurements that no drawing fits, the references beside."""
    lone = [row for row in material.mine if row.sample is None] or material.mine
    if len(lone) > 1 and len({row.undefined or row.value for row in lone}) == 1:
        return Figure(anchor=anchor(material.question), finding=title_of(material.metric, lone))
    others = {
        role: {(row.sample, str(row.at)): row for row in rows}
        for role, rows in material.rows.items()
        if role != AUDITED and rows
    }
    table = tuple(
        (
            *((short(row.sample, 40),) if row.sample else ()),
            condition_name(row.at) if row.at else "all",
            said(row),
            *(said(other.get((row.sample, str(row.at)))) for other in others.values()),
        )
        for row in lone[:MOST_ROWS]
    )
    left_out = len(lone) - len(table)
    name = metric_name(material.metric)
    return Figure(
        anchor=anchor(material.question),
        finding=title_of(material.metric, lone),
        head=(
            *(("image",) if lone[0].sample else ()),
            "condition",
            f"{name}, this model",
            *(clean(role) for role in others),
        ),
        table=table,
        note=f"{left_out} more rows are in the record." if left_out else "",
    )


def title_of(metric: str, lone: Sequence[Measurement]) -> str:
    """Return the finding of plain measurements: the only one, or their range."""
    values = [row.value for row in lone if row.value is not None]
    name = capital(metric_name(metric))
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
