"""The curves of a training drawn, with what was found about them where it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures.svg import BOUND, FLAW, INK, MODEL, MUTED, canvas, inline
from reports.figures.training import TRAINING, VALIDATION, shown
from reports.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures.training import LossLine, Shape, Training

COLOURS = {TRAINING: MODEL, VALIDATION: BOUND}

FEW = 40
"""Below how many points each is a dot."""

WIDE = 30.0
"""Losses of one sign that differ by this factor are drawn on a logarithmic scale."""


def draw_trainings(found: Sequence[Training], says: str) -> str:
    """Return the curves as SVG, one panel a run; a single run has its learning rate beneath."""
    drawn = shown(found)
    rate = drawn[0].rate if len(found) == 1 and drawn[0].rate and drawn[0].rate.known else None
    rows = len(drawn) + bool(rate)
    heights = [1.0] * len(drawn) + [0.3] * bool(rate)
    with canvas(2.7 * sum(heights), 1, rows, gridspec_kw={"height_ratios": heights}) as (
        figure,
        axes,
    ):
        for axis, one in zip(axes[:, 0], drawn, strict=False):
            draw_training(axis, one)
            if len(found) > 1:
                axis.set_title(short(one.run))
        if rate:
            draw_rate(axes[-1, 0], rate)
            axes[-1, 0].sharex(axes[0, 0])
        axes[-1, 0].set_xlabel(drawn[-1].counts)
        return inline(figure, says)


def draw_training(axis: Any, one: Training) -> None:
    """Draw both losses, the best epoch, and what each flaw shows."""
    for each in one.losses:
        dots = {"marker": "o", "markersize": 3} if len(each.places) < FEW else {}
        axis.plot(each.places, each.values, color=COLOURS[each.metric], linewidth=1.6, **dots)
    scale(axis, [value for each in one.losses for value, _ in each.known])
    for row, flaw in enumerate(one.flaws):
        draw_flaw(axis, flaw, 0.97 - 0.09 * (row % 4), end=max(e.places[-1] for e in one.losses))
    if one.best is not None:
        axis.axvline(one.best, color=MUTED, linewidth=1.4, linestyle=(0, (4, 3)), zorder=2)
    axis.set_ylabel("loss")


def scale(axis: Any, values: Sequence[float]) -> None:
    """Set the scale of the losses: logarithmic where they span decades."""
    if not values:
        axis.set_yticks([])
    elif min(values) > 0 and max(values) > WIDE * min(values):
        axis.set_yscale("log")
        # By default matplotlib writes powers of ten as mathtext, which is not drawn in the SVG.
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_formatter("")


def draw_flaw(axis: Any, flaw: Shape, high: float, *, end: float) -> None:
    """Draw where a flaw shows: its stretch by name, and the gap or the level that it names."""
    if flaw.span:
        axis.axvspan(*flaw.span, color=FLAW, alpha=0.12, linewidth=0, zorder=0)
        where = {"transform": axis.get_xaxis_transform(), "va": "top", "fontsize": 8}
        axis.text(flaw.span[0], high, f" {flaw.name}", **where)
    numbers = flaw.numbers
    if "gap_from" in numbers and "gap_to" in numbers:
        ends = [numbers["gap_from"], numbers["gap_to"]]
        axis.plot([end, end], ends, color=INK, linewidth=1.2, marker="_", markersize=9, zorder=3)
    if "plateau" in numbers and flaw.span:
        axis.hlines(numbers["plateau"], *flaw.span, color=INK, linewidth=1.0, linestyle=":")


def draw_rate(axis: Any, rate: LossLine) -> None:
    """Draw the learning rate."""
    axis.plot(rate.places, rate.values, color=MUTED, linewidth=1.4)
    axis.set_ylabel("learning\nrate")
    axis.ticklabel_format(axis="y", style="sci", scilimits=(-2, 3))


def key_of(found: Sequence[Training]) -> tuple[tuple[str, str], ...]:
    """Return the key of the marks that are drawn."""
    drawn = shown(found)
    metrics = {each.metric for one in drawn for each in one.losses if each.known}
    flaws = [flaw for one in drawn for flaw in one.flaws]
    named = {name for flaw in flaws for name in flaw.numbers}
    marks = (
        ("model", "training loss", TRAINING in metrics),
        ("validation", "validation loss", VALIDATION in metrics),
        ("best", "best epoch", any(one.best is not None for one in drawn)),
        ("home", "where a finding shows", any(flaw.span for flaw in flaws)),
        ("gap", "gap", "gap_to" in named),
        ("plateau", "level at which it stays", "plateau" in named),
    )
    return tuple((mark, words) for mark, words, drawn_here in marks if drawn_here)
