"""Drawing: curves along an axis, drops by condition, scatter over images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures.curves import position
from reports.figures.spread import extent
from reports.figures.svg import BOUND, FLAW, INK, MODEL, MUTED, canvas, inline, wrapped
from reports.words import scalar, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures.curves import Chart, ModelCurve
    from reports.figures.drops import Drop
    from reports.figures.spread import Spread


def draw_curves(charts: Sequence[Chart], says: str) -> str:
    """Return curves as SVG, one panel a chart, on one scale."""
    columns = min(3, len(charts))
    rows = -(-len(charts) // columns)
    with canvas(2.1 * rows + 0.3, columns, rows, sharey=True) as (figure, axes):
        for axis in axes.flat[len(charts) :]:
            axis.set_visible(False)
        for axis, chart in zip(axes.flat, charts, strict=False):
            draw_chart(axis, chart)
            if len(charts) > 1 and chart.panel.fixed:
                axis.set_title(short(chart.words.condition(chart.panel.fixed)))
        for row in axes:
            row[0].set_ylabel(wrapped(charts[0].words.metric(charts[0].metric)))
        fit(axes, [value for chart in charts for value in shown(chart)])
        return inline(figure, says)


def shown(chart: Chart) -> list[float]:
    """Return every height that a panel must have room for; a band may be cut."""
    means = [one for curve in chart.curves for one in curve.means if one is not None]
    threads = [v for thread in chart.mine.threads for v in thread if v is not None]
    return [*(one.value for one in means), *threads, *(bound for _, bound in chart.limits)]


def fit(axes: Any, values: Sequence[float]) -> None:
    """Set a scale that holds all values, with a margin."""
    low, high = extent(values)
    margin = 0.04 * ((high - low) or 1.0)
    for axis in axes.flat:
        axis.set_ylim(low - margin, high + margin)


def draw_chart(axis: Any, chart: Chart) -> None:
    """Draw one panel: references behind, then single images, then the model with its band."""
    for curve in chart.curves[1:]:
        xs, ys = known(chart, curve)
        axis.plot(xs, ys, color=MUTED, linewidth=1.6, zorder=2)
    for thread in chart.mine.threads:
        axis.plot(chart.positions, blank(thread), color=MODEL, linewidth=0.6, alpha=0.3, zorder=1)
    draw_band(axis, chart)
    if chart.beside is not None:
        xs, ys = known(chart, chart.beside)
        axis.plot(xs, ys, color=FLAW, linewidth=1.8, linestyle=(0, (5, 2)), zorder=3)
    xs, ys = known(chart, chart.mine)
    axis.plot(xs, ys, color=MODEL, linewidth=2.2, marker="o", markersize=4, zorder=4)
    for place, bound in chart.limits:
        axis.plot([place - 0.18, place + 0.18], [bound] * 2, color=BOUND, linewidth=1.8, zorder=5)
    draw_break(axis, chart)
    draw_home(axis, chart)
    axis.set_xticks(chart.positions, [tick(level) for level in chart.levels])
    axis.set_xlabel(chart.words.axis(chart.panel.axis or ""))
    axis.set_xlim(min(chart.positions) - 0.25, max(chart.positions) + 0.25)


def tick(level: Any) -> str:
    """Return the label of a level."""
    return "un-\ntouched" if level is None else short(scalar(level), 12)


def blank(values: Sequence[float | None]) -> list[float]:
    """Return values with gaps where there are none."""
    return [float("nan") if value is None else value for value in values]


def known(chart: Chart, curve: ModelCurve) -> tuple[list[float], list[float]]:
    """Return the places and means of a curve where it has any."""
    pairs = [(x, m.value) for x, m in zip(chart.positions, curve.means, strict=True) if m]
    return [x for x, _ in pairs], [y for _, y in pairs]


def draw_band(axis: Any, chart: Chart) -> None:
    """Draw the interval of the audited model's mean."""
    rows = [
        (x, m.low, m.high)
        for x, m in zip(chart.positions, chart.mine.means, strict=True)
        if m and m.low is not None
    ]
    if rows:
        xs, lows, highs = zip(*rows, strict=True)
        axis.fill_between(xs, lows, highs, color=MODEL, alpha=0.18, linewidth=0, zorder=2)


def draw_break(axis: Any, chart: Chart) -> None:
    """Draw the breaking point as a tick at the foot of the panel, with its interval."""
    if chart.broken is None or chart.broken.point is None:
        return
    foot = {"transform": axis.get_xaxis_transform(), "color": BOUND, "clip_on": False}
    x = position(chart, chart.broken.point)
    axis.plot([x, x], [0, 0.07], linewidth=2.2, zorder=5, **foot)
    if chart.broken.interval is not None:
        ends = [position(chart, one) for one in chart.broken.interval]
        axis.plot(ends, [0.035, 0.035], linewidth=1.2, zorder=5, **foot)


def draw_home(axis: Any, chart: Chart) -> None:
    """Draw where the audited images themselves lie, as a band behind everything."""
    if chart.home is not None and len(chart.panel.levels) > 1:
        low, high = (lies(chart, end) for end in (chart.home.low, chart.home.high))
        ends = sorted((low, high))
        axis.axvspan(ends[0] - 0.03, ends[1] + 0.03, color=FLAW, alpha=0.18, linewidth=0, zorder=0)


def lies(chart: Chart, level: float) -> float:
    """Return where a level stands; one milder than all levels, between these and the untouched."""
    known = [float(one) for one in chart.panel.levels]
    milder = (level - known[0]) * (known[-1] - known[0]) < 0
    if milder and chart.levels[0] is None:
        return (chart.positions[0] + chart.positions[1]) / 2
    return position(chart, level)


def draw_drops(drops: Sequence[Drop], under: str, says: str) -> str:
    """Return drops as SVG: a dot with its interval a condition, the references in grey.

    `under` is what stands under the axis.
    """
    with canvas(0.6 + 0.22 * len(drops)) as (figure, axes):
        axis = axes[0, 0]
        for y, drop in enumerate(drops):
            axis.plot(
                drop.references,
                [y] * len(drop.references),
                "|",
                color=MUTED,
                markersize=11,
                markeredgewidth=1.8,
                zorder=2,
            )
            if drop.mine.low is not None:
                axis.plot([drop.mine.low, drop.mine.high], [y, y], color=MODEL, linewidth=1.8)
            axis.plot([drop.mine.value], [y], "o", color=MODEL, markersize=5, zorder=4)
            if drop.allowed is not None:
                axis.plot([drop.allowed] * 2, [y - 0.4, y + 0.4], color=BOUND, linewidth=1.4)
        axis.set_xlim(*room(drops))
        axis.axvline(0, color=INK, linewidth=0.8, zorder=1)
        axis.grid(visible=False, axis="y")
        axis.grid(visible=True, axis="x")
        axis.set_yticks(range(len(drops)), [short(drop.label) for drop in drops])
        axis.set_ylim(len(drops) - 0.5, -0.5)
        axis.set_xlabel(under)
        return inline(figure, says)


def room(drops: Sequence[Drop]) -> tuple[float, float]:
    """Return the ends of an axis that holds all values; an interval wider than that is cut."""
    values = [0.0]
    for one in drops:
        values += [one.mine.value, *one.references]
        values += [one.allowed] if one.allowed is not None else []
    low, high = min(values), max(values)
    reach = (high - low) or 1.0
    ends = [end for one in drops for end in (one.mine.low, one.mine.high) if end is not None]
    low, high = max(min([low, *ends]), low - reach), min(max([high, *ends]), high + reach)
    return low - 0.04 * reach, high + 0.04 * reach


def draw_spread(spread: Spread, says: str) -> str:
    """Return the scatter of single images as SVG."""
    with canvas(2.3) as (figure, axes):
        axis = axes[0, 0]
        xs = range(len(spread.points))
        places = list(xs) if spread.kind != "time" else [one.frame for one in spread.points]
        values = [one.value for one in spread.points]
        for other in spread.references:
            draw_reference(axis, places, other, joined=spread.kind == "time")
        if spread.kind == "time":
            draw_in_time(axis, places, values)
        axis.plot(places, values, "o", color=MODEL, markersize=dot(len(values)), zorder=4)
        for limit in spread.limits:
            axis.axhline(limit, color=BOUND, linewidth=1.0, linestyle=(0, (4, 3)))
        axis.set_ylabel(wrapped(spread.words.metric(spread.metric)))
        label(axis, spread)
        heights = [v for other in spread.references for v in other if v is not None]
        fit(axes, [*values, *heights, *spread.limits])
        return inline(figure, says)


def draw_in_time(axis: Any, frames: list[int], values: list[float]) -> None:
    """Draw a score along a movie; seaborn is imported only where a movie is drawn."""
    import seaborn as sns

    sns.lineplot(x=frames, y=values, ax=axis, color=MODEL, linewidth=1.6, errorbar=None)


def dot(many: int) -> float:
    """Return the size of a dot where there are many."""
    return 5.0 if many <= 40 else 3.5 if many <= 200 else 2.0  # noqa: PLR2004


def draw_reference(
    axis: Any, places: list[int], values: Sequence[float | None], *, joined: bool
) -> None:
    """Draw a reference network's values behind the model's."""
    style = {"linewidth": 1.2} if joined else {"linestyle": "none", "marker": "o", "markersize": 3}
    axis.plot(places, blank(values), color=MUTED, zorder=2, **style)


def label(axis: Any, spread: Spread) -> None:
    """Say what stands under the points: frames, groups, or images from worst to best."""
    if spread.kind == "time":
        axis.set_xlabel(f"frame of {short(spread.points[0].group)}")
    elif spread.kind == "sorted":
        axis.set_xlabel("images, from worst to best")
        axis.set_xticks([])
    else:
        spots: dict[str, list[int]] = {}
        for x, one in enumerate(spread.points):
            spots.setdefault(one.group, []).append(x)
        for group in list(spots.values())[1:]:
            axis.axvline(group[0] - 0.5, color=MUTED, linewidth=0.5)
        longest = max(4, 72 // len(spots))
        middles = [sum(one) / len(one) for one in spots.values()]
        axis.set_xticks(middles, [short(name, longest) for name in spots])
        axis.set_xlabel("groups (movies, plates)")
