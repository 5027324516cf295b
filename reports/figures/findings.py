"""What a figure shows, as the sentence that is its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.words import (
    capital,
    number,
    short,
    significant,
    span,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures.curves import Chart
    from reports.figures.drops import Drop
    from reports.figures.spread import Spread

SMALL = 0.02
"""A drop or gain below this is called none."""


def of_charts(charts: Sequence[Chart]) -> str:
    """Return the finding of one axis, or of the same axis under several conditions."""
    if len(charts) == 1:
        return of_chart(charts[0])
    worst = worst_of(charts)
    if not worst.panel.fixed:
        return of_chart(worst)
    return f"Under {worst.words.condition(worst.panel.fixed)}: {of_chart(worst)}"


def worst_of(charts: Sequence[Chart]) -> Chart:
    """Return the chart that falls furthest."""
    return max(charts, key=largest_drop)


def largest_drop(chart: Chart) -> float:
    """Return by how much the lowest mean of a chart lies under its highest."""
    values = [one.value for one in chart.mine.means if one is not None]
    return max(values) - min(values)


def of_chart(chart: Chart) -> str:
    """Return the finding of one axis."""
    if chart.levels[0] is None and chart.mine.means[0] is not None:
        return of_severity(chart)
    return of_optimum(chart)


def flat(values: Sequence[float], *others: float) -> bool:
    """Return whether values, and others beside them, differ too little to be drawn."""
    both = (*values, *others)
    return max(both) - min(both) < SMALL


def level(chart: Chart) -> bool:
    """Return whether nothing moves along an axis, neither in the model nor in a reference.

    Single images may move where their mean does not.
    """
    means = [one.value for curve in chart.curves for one in curve.means if one]
    moved = any(
        not flat([value for value in thread if value is not None])
        for thread in chart.mine.threads
        if any(value is not None for value in thread)
    )
    return flat(means) and not moved and chart.beside is None


def of_severity(chart: Chart) -> str:
    """Return where the metric breaks, or how much is left at the severest level."""
    name, axis = chart.words.metric(chart.metric), chart.panel.axis or ""
    first, last = chart.mine.means[0], chart.mine.means[-1]
    assert first is not None
    end = chart.words.level(axis, chart.levels[-1])
    if chart.broken is None or last is None:
        return f"{name} goes from {number(first.value)} untouched to {left(chart)}"
    limit = f"{chart.broken.tolerance:g}"
    if chart.broken.point is None:
        return (
            f"{name} never loses more than {limit}, up to {end}: "
            f"{number(last.value)}, {number(first.value)} untouched"
        )
    if chart.broken.point == chart.levels[1]:
        found = f"more than {limit} already at {chart.words.level(axis, chart.levels[1])}"
    else:
        where = chart.words.level(axis, float(significant(chart.broken.point)))
        found = f"{limit} at {where}{bracket(chart)}"
    return f"{name} has lost {found}; at {end} it is {left(chart)}"


def bracket(chart: Chart) -> str:
    """Return the interval of a breaking point; "" where there is none."""
    found = chart.broken.interval if chart.broken else None
    return f" [{', '.join(significant(one) for one in found)}]" if found else ""


def left(chart: Chart) -> str:
    """Return what is left at the severest level, beside what the references keep."""
    others = [one.means[-1].value for one in chart.curves[1:] if one.means[-1] is not None]
    last = chart.mine.means[-1]
    mine = number(last.value if last else None)
    if not others:
        return mine
    who = "the reference network" if len(others) == 1 else "reference networks"
    return f"{mine}, where {who} keep{'s' * (len(others) == 1)} {number(sum(others) / len(others))}"


def of_optimum(chart: Chart) -> str:
    """Return where along an axis the metric is highest, against the level that changes nothing."""
    known = [(m.value, lv) for m, lv in zip(chart.mine.means, chart.levels, strict=True) if m]
    best, where = max(known, key=lambda one: one[0])
    name, axis = chart.words.metric(chart.metric), chart.panel.axis or ""
    here = next((one for one in known if chart.words.neutral(axis, one[1])), None)
    if len(known) == 1:
        return f"{name} is {number(best)} at {chart.words.level(axis, where)}"
    if here is None and flat([value for value, _ in known]):
        return f"{name} is about {number(best)} at every level"
    if here is None:
        worst, there = min(known, key=lambda one: one[0])
        return (
            f"{name} runs from {number(worst)} at {chart.words.level(axis, there)} "
            f"to {number(best)} at {chart.words.level(axis, where)}"
        )
    as_it_is = number(here[0])
    if best - here[0] < SMALL:
        level = chart.words.level(axis, here[1])
        return f"{name} is {as_it_is} at {level}, and no other level gains {SMALL:g}"
    return (
        f"{name} is {number(best)} at {chart.words.level(axis, where)}, "
        f"but {as_it_is} on the images as they are"
    )


def of_drops(found: Sequence[Drop], name: str) -> str:
    """Return the condition that costs most."""
    worst = max(found, key=lambda one: one.mine.value)
    if worst.mine.value < SMALL:
        return f"No condition costs {SMALL:g} {name} or more"
    cost = f"{capital(worst.label)} costs {number(worst.mine.value)} {name}"
    interval = (worst.mine.low, worst.mine.high)
    bracketed = f" {span(interval)}" if None not in interval else ""  # type: ignore[arg-type]
    if not worst.references:
        return cost + bracketed
    others = sum(worst.references) / len(worst.references)
    who = "the reference network" if len(worst.references) == 1 else "reference networks"
    return f"{cost}{bracketed}; {who} lose{'s' * (len(worst.references) == 1)} {number(others)}"


def of_means(found: Sequence[Drop], name: str) -> str:
    """Return the range of conditions."""
    low, high = (pick(found, key=lambda one: one.mine.value) for pick in (min, max))
    if high.mine.value - low.mine.value < SMALL:
        return f"{name} is about {number(high.mine.value)} under every condition"
    lowest, highest = (f"{number(one.mine.value)} ({one.label})" for one in (low, high))
    return f"{name} runs from {lowest} to {highest}"


def of_constant(found: Spread) -> str:
    """Return the one value of all images."""
    value = number(found.mean.value)
    return f"{found.words.metric(found.metric)} is {value} on each of {len(found.points)} images"


def of_spread(found: Spread) -> str:
    """Return the mean of single images, and the worst of them by name."""
    name, mean = found.words.metric(found.metric), found.mean
    interval = (mean.low, mean.high)
    bracketed = f" {span(interval)}" if None not in interval else ""  # type: ignore[arg-type]
    said = f"{name} is {number(mean.value)}{bracketed} on average"
    if len(found.points) == 1:
        return f"{name} is {number(mean.value)} on the only image"
    worst = found.worst[0]
    if number(worst.value) == number(mean.value):
        return f"{said}, and the same on every image"
    extreme = "highest" if found.high_is_bad else "lowest"
    return f"{said}; {extreme} is {number(worst.value)}, on {short(worst.sample, 50)}"
