"""The figures of a benchmark: differences beside one another, and quantities along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.benchmark.column import quantity
from reports.figures.svg import INK, MODEL, MUTED, canvas, inline
from reports.words import capital, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.quantities.answer import Answer
    from reports.benchmark.contrast import Compared

PANELS = 3


def draw_differences(contrasts: Sequence[Compared], says: str) -> str:
    """Return differences as SVG, right of the line where the row is better.

    Breaking points, whose differences are factors, stand in the table alone.
    """
    shown = [one for one in contrasts if not one.quantity.breaks]
    rows = list(dict.fromkeys(one.row for one in shown))
    names = list(dict.fromkeys(one.quantity.name for one in shown))
    lines = [(name, row) for name in names for row in rows]
    with canvas(0.7 + 0.3 * len(lines)) as (figure, axes):
        axis = axes[0, 0]
        for one in shown:
            draw_difference(axis, one, lines.index((one.quantity.name, one.row)))
        axis.axvline(0, color=INK, linewidth=0.8, zorder=1)
        axis.grid(visible=False, axis="y")
        axis.grid(visible=True, axis="x")
        axis.set_yticks(range(len(lines)), [label(name, row, rows) for name, row in lines])
        axis.set_ylim(len(lines) - 0.5, -0.5)
        axis.set_xlabel(f"worse than {shown[0].against} left of 0, better right of it")
        return inline(figure, says)


def label(name: str, row: str, rows: Sequence[str]) -> str:
    """Return what stands beside a difference: the quantity, and the row where there are several."""
    return quantity(name).head + (f"; {short(row, 30)}" if len(rows) > 1 else "")


def draw_difference(axis: Any, one: Compared, place: int) -> None:
    """Draw one difference with its interval; the dot is full where it is sure."""
    sign = 1.0 if one.better == "higher" else -1.0
    if one.interval is not None:
        ends = [sign * end for end in one.interval]
        axis.plot(ends, [place, place], color=MODEL if one.sure else MUTED, linewidth=1.8)
    dot(axis, sign * one.value, place, sure=one.sure)


def dot(axis: Any, across: float, up: float, *, sure: bool) -> None:
    """Draw a dot: full and blue where something differs surely, else hollow and grey."""
    colour = MODEL if sure else MUTED
    face = MODEL if sure else "none"
    axis.plot([across], [up], "o", color=colour, markerfacecolor=face, markersize=6, zorder=4)


def draw_axis(
    levels: Mapping[str, Sequence[tuple[str, Answer]]],
    places: Mapping[str, float],
    sure: set[tuple[str, str]],
    under: str,
    says: str,
) -> str:
    """Return quantities along an axis as SVG, one panel a quantity, with their intervals.

    `levels` holds a value for each row, by quantity; `sure` what differs surely, by row and
    quantity.
    """
    names = list(levels)[:PANELS]
    with canvas(2.7, len(names)) as (figure, axes):
        for axis, name in zip(axes.flat, names, strict=True):
            draw_panel(axis, levels[name], places, {row for row, of in sure if of == name})
            axis.set_title(capital(quantity(name).head))
            axis.set_xlabel(under)
        return inline(figure, says)


def draw_panel(
    axis: Any, levels: Sequence[tuple[str, Answer]], places: Mapping[str, float], sure: set[str]
) -> None:
    """Draw one quantity along the axis, which is logarithmic where it spans a decade."""
    ordered = sorted(levels, key=lambda pair: places[pair[0]])
    across = [places[row] for row, _ in ordered]
    axis.plot(across, [found.value for _, found in ordered], color=MUTED, linewidth=1.2, zorder=2)
    for row, found in ordered:
        interval = found.interval()
        if interval is not None:
            axis.plot([places[row]] * 2, list(interval), color=MODEL, linewidth=1.4, zorder=3)
        dot(axis, places[row], found.value, sure=row in sure)
    if max(across) >= 10 * min(across):
        axis.set_xscale("log")
        axis.minorticks_off()
    axis.set_xticks(across, [f"{one:g}" for one in across])
