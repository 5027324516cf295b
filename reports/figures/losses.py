"""The curves of a training, with what was found about them drawn where it shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.figures.svg import BOUND, FLAW, MODEL, MUTED, canvas, inline
from reports.words import capital, clean, count, number, short, significant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audit.measurement import Measurement
    from audit.record.record import Record

CURVES = "training.curves"
DIAGNOSIS, ADVICE = "training.diagnosis", "training.advice"
"""The probe that is drawn, and those whose findings are drawn on it."""

TRAINING, VALIDATION, RATE = "training_loss", "validation_loss", "learning_rate"
COLOURS = {TRAINING: MODEL, VALIDATION: BOUND}

MOST_RUNS, FEW = 6, 40
"""Runs that are drawn, and below how many points each is a dot."""

WIDE = 30.0
"""Losses of one sign that differ by this factor are drawn on a logarithmic scale."""


@dataclass(frozen=True, kw_only=True)
class LossLine:
    """One quantity along a training; a value that is not finite is a gap."""

    metric: str
    places: tuple[float, ...]
    values: tuple[float, ...]

    @property
    def known(self) -> tuple[tuple[float, float], ...]:
        """The finite values, each with its place after it."""
        pairs = zip(self.values, self.places, strict=True)
        return tuple(pair for pair in pairs if math.isfinite(pair[0]))


@dataclass(frozen=True, kw_only=True)
class Training:
    """One run: its losses, its learning rate, its best epoch, and spans of what was found."""

    run: str
    counts: str
    losses: tuple[LossLine, ...]
    rate: LossLine | None = None
    best: float | None = None
    spans: tuple[tuple[str, float, float], ...] = ()


def trainings(record: Record, probe: str, digest: str) -> tuple[Training, ...]:
    """Return the runs whose losses a probe recorded; none where it recorded no losses."""
    rows = list(record.measurements(probe, digest))
    runs = dict.fromkeys(str(row.at["run"]) for row in rows if row.metric in COLOURS)
    return tuple(training(record, digest, run, of(rows, run)) for run in runs)


def of(rows: Iterable[Measurement], run: str) -> list[Measurement]:
    """Return the rows of one run."""
    return [row for row in rows if str(row.at.get("run")) == run]


def training(record: Record, digest: str, run: str, rows: Sequence[Measurement]) -> Training:
    """Return one run from its rows and from what the other probes found about it."""
    found = of(record.measurements(DIAGNOSIS, digest), run)
    best = [one for one in of(record.measurements(ADVICE, digest), run) if one.metric == "best_at"]
    counts = next(key for row in rows for key in ("epoch", "step") if key in row.at)
    lines = {metric: line(rows, metric, counts) for metric in (*COLOURS, RATE)}
    return Training(
        run=clean(run),
        counts=counts,
        losses=tuple(one for metric in COLOURS if (one := lines[metric])),
        rate=lines[RATE],
        best=best[0].value if best else None,
        spans=spans(found),
    )


def line(rows: Iterable[Measurement], metric: str, counts: str) -> LossLine | None:
    """Return one quantity, also where none of its values is finite; None where it has no rows."""
    mine = sorted((r for r in rows if r.metric == metric), key=lambda row: row.at[counts])
    if not mine:
        return None
    return LossLine(
        metric=metric,
        places=tuple(float(row.at[counts]) for row in mine),
        values=tuple(float("nan") if row.value is None else row.value for row in mine),
    )


def spans(rows: Sequence[Measurement]) -> tuple[tuple[str, float, float], ...]:
    """Return the conditions that hold, each with the part of the curve that shows it."""
    value = {(row.metric, str(row.at.get("condition"))): row.value for row in rows}
    holding = [one for (metric, one), held in value.items() if metric == "holds" and held]
    ends = [(one, value.get(("span_low", one)), value.get(("span_high", one))) for one in holding]
    return tuple(
        (clean(one), low, high) for one, low, high in ends if low is not None and high is not None
    )


def title_of(found: Sequence[Training]) -> str:
    """Return what the curves of the first run say at a glance, named where there are several."""
    said = headline(found[0])
    return f"{short(found[0].run)}: {said}" if len(found) > 1 else capital(said)


def headline(one: Training) -> str:
    """Return where the validation loss is lowest, or that there is no such place."""
    held = next((each for each in one.losses if each.metric == VALIDATION), None)
    over = f"over {count(len(one.losses[0].places), one.counts)}"
    if not any(each.known for each in one.losses):
        return f"no loss is a finite number {over}: the training diverged"
    if held is None:
        return f"training loss {over}; no validation"
    if not held.known:
        return f"training loss {over}; no validation loss is a finite number"
    low, where = min(held.known)
    said = f"validation loss is lowest ({significant(low)}) at {one.counts} {number(where, 0)}"
    last = held.places[-1]
    if where == last:
        return f"{said}, the last one"
    end = significant(held.values[-1]) if math.isfinite(held.values[-1]) else "not finite"
    return f"{said}, and {end} at {one.counts} {number(last, 0)}"


def draw_trainings(found: Sequence[Training], says: str) -> str:
    """Return the curves as SVG, one panel a run; a single run has its learning rate beneath."""
    shown = found[:MOST_RUNS]
    rate = shown[0].rate if len(shown) == 1 and shown[0].rate and shown[0].rate.known else None
    rows = len(shown) + bool(rate)
    heights = [1.0] * len(shown) + [0.3] * bool(rate)
    with canvas(2.7 * sum(heights), 1, rows, gridspec_kw={"height_ratios": heights}) as (
        figure,
        axes,
    ):
        for axis, one in zip(axes[:, 0], shown, strict=False):
            draw_training(axis, one)
            if len(shown) > 1:
                axis.set_title(short(one.run))
        if rate:
            draw_rate(axes[-1, 0], rate)
            axes[-1, 0].sharex(axes[0, 0])
        axes[-1, 0].set_xlabel(shown[-1].counts)
        return inline(figure, says)


def draw_training(axis: Any, one: Training) -> None:
    """Draw both losses, the best epoch, and a band where a condition shows."""
    for row, (name, low, high) in enumerate(one.spans):
        axis.axvspan(low, high, color=FLAW, alpha=0.12, linewidth=0, zorder=0)
        where = {"transform": axis.get_xaxis_transform(), "va": "top", "fontsize": 8}
        axis.text(low, 0.97 - 0.09 * (row % 4), f" {name}", **where)
    for each in one.losses:
        dots = {"marker": "o", "markersize": 3} if len(each.places) < FEW else {}
        axis.plot(each.places, each.values, color=COLOURS[each.metric], linewidth=1.6, **dots)
    if one.best is not None:
        axis.axvline(one.best, color=MUTED, linewidth=1.4, linestyle=(0, (4, 3)), zorder=2)
    values = [value for each in one.losses for value, _ in each.known]
    if not values:
        axis.set_yticks([])
    elif min(values) > 0 and max(values) > WIDE * min(values):
        axis.set_yscale("log")
        # By default matplotlib writes powers of ten as mathtext, which is not drawn in the SVG.
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_formatter("")
    axis.set_ylabel("loss")


def draw_rate(axis: Any, rate: LossLine) -> None:
    """Draw the learning rate."""
    axis.plot(rate.places, rate.values, color=MUTED, linewidth=1.4)
    axis.set_ylabel("learning\nrate")
    axis.ticklabel_format(axis="y", style="sci", scilimits=(-2, 3))


def key_of(found: Sequence[Training]) -> tuple[tuple[str, str], ...]:
    """Return the key of the marks that are drawn."""
    shown = found[:MOST_RUNS]
    metrics = {each.metric for one in shown for each in one.losses if each.known}
    key = [("model", "training loss")] if TRAINING in metrics else []
    key += [("validation", "validation loss")] if VALIDATION in metrics else []
    key += [("best", "best epoch")] if any(one.best is not None for one in shown) else []
    key += [("home", "where a finding shows")] if any(one.spans for one in shown) else []
    return tuple(key)
