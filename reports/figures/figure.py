"""A figure as the page shows it: its finding, its drawing, and the key to its marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures import findings
from reports.figures.drawing import draw_curves, draw_drops, draw_spread
from reports.figures.key import key, key_of, most
from reports.figures.pairs import draw_pairs
from reports.figures.pairs import title_of as title_of_pairs
from reports.words import capital, clean, number, short, significant, slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures.curves import Chart
    from reports.figures.drops import Drop
    from reports.figures.evidence import Question
    from reports.figures.filmstrip import Filmstrip
    from reports.figures.material import Material
    from reports.figures.pairs import Pairs
    from reports.figures.spread import Spread


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
    others = [one for other in found.references for one in other if one is not None]
    if findings.flat([one.value for one in found.points], *others) and len(found.points) > 1:
        return Figure(anchor=anchor(material.question), finding=title, note=extremes(found))
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
    name = material.words.metric(material.metric)
    title = findings.of_drops(found, name)
    if findings.flat([one for drop in found for one in (drop.mine.value, *drop.references)], 0.0):
        return Figure(anchor=anchor(material.question), finding=title)
    limit = any(one.allowed is not None for one in found)
    return Figure(
        anchor=anchor(material.question),
        finding=title,
        svg=draw_drops(found, f"{name} lost, against the untouched", title),
        key=key(most(found), mine="this model, mean and 95 % interval", limit=limit, ticks=True),
    )


def of_means(material: Material, found: Sequence[Drop]) -> Figure:
    """Return the mean of each condition."""
    name = material.words.metric(material.metric)
    title = capital(findings.of_means(found, name))
    if findings.flat([one for mean in found for one in (mean.mine.value, *mean.references)]):
        return Figure(anchor=anchor(material.question), finding=title)
    limit = any(one.allowed is not None for one in found)
    mine = "this model, mean and 95 % interval"
    return Figure(
        anchor=anchor(material.question),
        finding=title,
        svg=draw_drops(found, name, title),
        key=key(most(found), mine=mine, limit=limit, ticks=True),
    )


def of_charts(material: Material, charts: Sequence[Chart]) -> Figure:
    """Return curves along an axis of severity."""
    title = capital(findings.of_charts(charts))
    note = " ".join(filter(None, map(at_home, charts)))
    if all(findings.level(one) for one in charts):
        return Figure(anchor=anchor(material.question), finding=title, note=note)
    return Figure(
        anchor=anchor(material.question),
        finding=title,
        svg=draw_curves(charts, title),
        key=key_of(charts),
        note=note,
    )


def of_pairs(material: Material, found: Pairs) -> Figure:
    """Return two metrics of the same objects against each other."""
    title = capital(title_of_pairs(found))
    return Figure(anchor=anchor(material.question), finding=title, svg=draw_pairs(found, title))


def notes(remarks: Sequence[str]) -> str:
    """Return the parts of remarks, split at semicolons, each once.

    >>> notes(["the loss is `loss`; resumed at 5", "the loss is `loss`"])
    'The loss is `loss`; resumed at 5.'
    """
    parts = dict.fromkeys(clean(part) for one in remarks for part in one.split("; ") if part)
    return capital("; ".join(parts)) + "." * bool(parts)


def extremes(found: Spread) -> str:
    """Return the worst images by name."""
    named = [f"{short(one.sample, 60)} ({number(one.value)})" for one in found.worst]
    return f"{'Highest' if found.high_is_bad else 'Lowest'}: {', '.join(named)}."


def at_home(chart: Chart) -> str:
    """Return in words where the images lie, and where the model breaks; "" where unknown."""
    found, axis = chart.home, chart.panel.axis or ""
    if found is None:
        return ""
    shape = " ".join(str(value) for value in chart.panel.fixed.values())
    middle = chart.words.level(axis, float(significant(found.middle)))
    ends = f"{significant(found.low)} to {significant(found.high)}"
    broken = chart.broken.point if chart.broken else None
    breaks = (
        f"; it breaks at {chart.words.level(axis, float(significant(broken)))}" if broken else ""
    )
    return (
        f"These images themselves{' (' + shape + ')' if shape else ''}: {middle} ({ends}){breaks}."
    )
