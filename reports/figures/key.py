"""The key of a figure: only the marks that it shows, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures.curves import Chart
    from reports.figures.drops import Drop


def key_of(charts: Sequence[Chart]) -> tuple[tuple[str, str], ...]:
    """Return the key of curves: only what they show."""
    means = [mean for one in charts for mean in one.mine.means if mean]
    banded = any(mean.low is not None for mean in means)
    mine = "this model, mean" + (" and 95 % interval" if banded else "")
    others = {curve.role for one in charts for curve in one.curves[1:] if any(curve.means)}
    found = key(len(others), mine=mine, limit=False, dots=False)
    if any(one.limits for one in charts):
        found = (*found, ("here", "bound of a rule"))
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

    `others` counts the references that are drawn; where they are `hidden`, the key says
    that they lie behind the model's marks.
    """
    found = [("dot" if dots else "model", mine)]
    if others:
        who = "reference network" + "s" * (others > 1)
        behind = ", behind: hardly different" if hidden else ""
        found.append(("other" if ticks else "reference", who + behind))
    if limit:
        found.append(("break" if ticks else "bound", "bound of a rule"))
    return tuple(found)
