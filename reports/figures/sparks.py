"""Small curves for the first screen: points of an SVG polyline, 100 wide and 28 high."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures.curves import Chart
    from reports.figures.spread import Spread


def sparkline(chart: Chart) -> tuple[str, tuple[str, ...]]:
    """Return the mean curves of the model and of the references."""
    lines = [[mean.value if mean else None for mean in one.means] for one in chart.curves]
    drawn = traces(chart.positions, lines)
    return drawn[0], drawn[1:]


def sparkdots(spread: Spread) -> tuple[str, tuple[str, ...]]:
    """Return single images in the order of their figure, of the model and of the references."""
    places = tuple(float(index) for index in range(len(spread.points)))
    drawn = traces(places, [[one.value for one in spread.points], *spread.references])
    return drawn[0], drawn[1:]


def traces(places: Sequence[float], lines: Sequence[Sequence[float | None]]) -> tuple[str, ...]:
    """Return lines on one scale that holds 0 and 1.

    >>> traces((0.0, 1.0), [[1.0, 0.0]])
    ('2.0,2.0 98.0,26.0',)
    """
    values = [value for line in lines for value in line if value is not None]
    low, high = min(0.0, *values, 0.0), max(1.0, *values, 1.0)
    extent = places[-1] - places[0] or 1.0
    return tuple(
        " ".join(
            f"{2 + 96 * (x - places[0]) / extent:.1f},{26 - 24 * (y - low) / (high - low):.1f}"
            for x, y in zip(places, line, strict=True)
            if y is not None
        )
        for line in lines
    )
