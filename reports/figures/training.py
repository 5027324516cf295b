"""The runs of a training log as a record holds them: losses, and what was found about each."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audit.ordering import natural
from reports.words import capital, clean, count, listed, number, short, significant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audit.measurement import Measurement
    from audit.record.record import Record

CURVES = "training.curves"
DIAGNOSIS, ADVICE = "training.diagnosis", "training.advice"
"""The probe that is drawn, and those whose findings are drawn on it."""

TRAINING, VALIDATION, RATE = "training_loss", "validation_loss", "learning_rate"
LOSSES = (TRAINING, VALIDATION)

SOUND = "good fit"
"""What holds of a run with which nothing is wrong."""

GRAVEST_FIRST = (
    "diverged",
    "learning rate too high",
    "overfitting",
    "unrepresentative training",
    "unrepresentative validation",
    "underfitting",
    "not finished",
    SOUND,
)
"""The order in which conditions are told."""

MOST_RUNS = 6
"""Runs that are drawn."""


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
class Shape:
    """One condition of a run: whether it holds, why, the numbers of it, and where it shows."""

    name: str
    holds: bool | None
    because: str
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def span(self) -> tuple[float, float] | None:
        """From when to when the curves show it."""
        low, high = self.numbers.get("span_low"), self.numbers.get("span_high")
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True, kw_only=True)
class Training:
    """One run: its losses, its learning rate, its best epoch, what was found, and what to do."""

    run: str
    counts: str
    losses: tuple[LossLine, ...]
    rate: LossLine | None = None
    best: float | None = None
    shapes: tuple[Shape, ...] = ()
    advice: str = ""

    @property
    def holding(self) -> tuple[str, ...]:
        """The names of the conditions that hold."""
        return tuple(one.name for one in self.shapes if one.holds)

    @property
    def flaws(self) -> tuple[Shape, ...]:
        """The conditions that hold and should not."""
        return tuple(one for one in self.shapes if one.holds and one.name != SOUND)

    @property
    def said(self) -> str:
        """What was found, in a few words."""
        return listed(list(self.holding)) if self.holding else "nothing was found"


def trainings(record: Record, digest: str) -> tuple[Training, ...]:
    """Return the runs whose losses a record holds, in the order of the numbers in their names."""
    rows = list(record.measurements(CURVES, digest))
    runs = dict.fromkeys(str(row.at["run"]) for row in rows if row.metric in LOSSES)
    found = list(record.measurements(DIAGNOSIS, digest))
    why = {str(at): text for at, text in record.remarks(DIAGNOSIS, "holds", digest)}
    best = {str(row.at["run"]): row.value for row in record.measurements(ADVICE, digest, "best_at")}
    advice = {str(at["run"]): text for at, text in record.remarks(ADVICE, "publish_best", digest)}
    return tuple(
        training(
            run,
            of(rows, run),
            shapes=shapes(of(found, run), why),
            best=best.get(run),
            advice=clean(advice.get(run, "")),
        )
        for run in sorted(runs, key=natural)
    )


def of(rows: Iterable[Measurement], run: str) -> list[Measurement]:
    """Return the rows of one run."""
    return [row for row in rows if str(row.at.get("run")) == run]


def training(
    run: str,
    rows: Sequence[Measurement],
    *,
    shapes: tuple[Shape, ...],
    best: float | None,
    advice: str,
) -> Training:
    """Return one run from its rows and from what the other probes found about it."""
    counts = next(key for row in rows for key in ("epoch", "step") if key in row.at)
    lines = {metric: line(rows, metric, counts) for metric in (*LOSSES, RATE)}
    return Training(
        run=clean(run),
        counts=counts,
        losses=tuple(one for metric in LOSSES if (one := lines[metric])),
        rate=lines[RATE],
        best=best,
        shapes=shapes,
        advice=advice,
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


def shapes(rows: Sequence[Measurement], why: Mapping[str, str]) -> tuple[Shape, ...]:
    """Return the conditions of one run, as they were recorded, the gravest first."""
    found = [
        Shape(
            name=clean(row.at["condition"]),
            holds=None if row.value is None else bool(row.value),
            because=clean(why.get(str(dict(row.at))) or row.undefined or ""),
            numbers={
                one.metric: one.value
                for one in rows
                if one.at == row.at and one.metric != "holds" and one.value is not None
            },
        )
        for row in rows
        if row.metric == "holds"
    ]
    return tuple(sorted(found, key=rank))


def rank(one: Shape) -> int:
    """Return the place of a condition among all, unknown ones at the end."""
    known = one.name in GRAVEST_FIRST
    return GRAVEST_FIRST.index(one.name) if known else len(GRAVEST_FIRST)


def shown(found: Sequence[Training]) -> tuple[Training, ...]:
    """Return the runs that are drawn: those with a finding before the others, in their order."""
    first = sorted(found, key=lambda one: not one.flaws)[:MOST_RUNS]
    flawed = [one for one in first if one.flaws]
    return tuple(one for one in found if one in (flawed or first))


def finding(found: Sequence[Training]) -> str:
    """Return what was found of one run, or of how many runs each."""
    if not any(one.shapes for one in found):
        return title_of(found)
    if len(found) == 1:
        return capital(found[0].said)
    many = Counter(one.said for one in sorted(found, key=lambda one: not one.flaws))
    parts = [f"{said} in {times}" for said, times in many.items()]
    return capital(f"{listed(parts)} of {len(found)} runs")


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
