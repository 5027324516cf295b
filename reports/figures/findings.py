"""What a figure shows, as the sentence that is its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.words import (
    capital,
    condition_name,
    level_name,
    metric_name,
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

NEUTRAL = ("factor", "odds")
"""Axes on which the level 1 is the image, or the model, as it is."""

SMALL = 0.02
"""A drop or gain below this is called none."""


def of_charts(charts: Sequence[Chart]) -> str:
    """Return the finding of one axis, or of the same axis under several conditions."""
    if len(charts) == 1:
        return of_chart(charts[0])
    worst = worst_of(charts)
    if not worst.panel.fixed:
        return of_chart(worst)
    return f"Under {condition_name(worst.panel.fixed)}: {of_chart(worst)}"


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


def of_severity(chart: Chart) -> str:
    """Return where the metric breaks, or how much is left at the severest level."""
    name, axis = metric_name(chart.metric), chart.panel.axis or ""
    first, last = chart.mine.means[0], chart.mine.means[-1]
    assert first is not None
    end = level_name(axis, chart.levels[-1])
    if chart.broken is None or last is None:
        return f"{name} goes from {number(first.value)} untouched to {left(chart)}"
    limit = f"{chart.broken.tolerance:g}"
    if chart.broken.point is None:
        return (
            f"{name} never loses more than {limit}, up to {end}: "
            f"{number(last.value)}, {number(first.value)} untouched"
        )
    if chart.broken.point == chart.levels[1]:
        found = f"more than {limit} already at {level_name(axis, chart.levels[1])}"
    else:
        where = level_name(axis, float(significant(chart.broken.point)))
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
    """Return where along an axis the metric is highest, against the untouched level 1."""
    known = [(m.value, lv) for m, lv in zip(chart.mine.means, chart.levels, strict=True) if m]
    best, where = max(known, key=lambda one: one[0])
    name, axis = metric_name(chart.metric), chart.panel.axis or ""
    here = next((value for value, level in known if level == 1 and axis in NEUTRAL), None)
    if len(known) == 1:
        return f"{name} is {number(best)} at {level_name(axis, where)}"
    if here is None:
        worst, there = min(known, key=lambda one: one[0])
        return (
            f"{name} runs from {number(worst)} at {level_name(axis, there)} "
            f"to {number(best)} at {level_name(axis, where)}"
        )
    if best - here < SMALL:
        return (
            f"{name} is {number(here)} at {level_name(axis, 1)}, and no other level gains {SMALL:g}"
        )
    return (
        f"{name} is {number(best)} at {level_name(axis, where)}, "
        f"but {number(here)} on the images as they are"
    )


def of_drops(found: Sequence[Drop], metric: str) -> str:
    """Return the condition that costs most."""
    worst = max(found, key=lambda one: one.mine.value)
    name = metric_name(metric)
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


def of_means(found: Sequence[Drop], metric: str) -> str:
    """Return the range of conditions."""
    low, high = (pick(found, key=lambda one: one.mine.value) for pick in (min, max))
    name = metric_name(metric)
    if high.mine.value - low.mine.value < SMALL:
        return f"{name} is about {number(high.mine.value)} under every condition"
    lowest, highest = (f"{number(one.mine.value)} ({one.label})" for one in (low, high))
    return f"{name} runs from {lowest} to {highest}"


def of_constant(found: Spread) -> str:
    """Return the one value of all images."""
    value = number(found.mean.value)
    return f"{metric_name(found.metric)} is {value} on each of {len(found.points)} images"


def of_spread(found: Spread) -> str:
    """Return the mean of single images, and the worst of them by name."""
    name, mean = metric_name(found.metric), found.mean
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
