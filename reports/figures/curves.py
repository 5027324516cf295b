"""The numbers of a curve: means with their bands along an axis, references, breaking point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.role import AUDITED, Role
from reports.figures.breaking import Break, broken
from reports.figures.evidence import counted
from reports.figures.home import home
from reports.figures.mean import Mean, beside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Measurement, Scalar
    from audit.policy.rule import Rule
    from audit.quantities.table import Place
    from audit.record.record import Record
    from reports.figures.evidence import Panel
    from reports.figures.home import Home
    from reports.figures.material import Material
    from reports.vocabulary import Vocabulary

BESIDE = {"adversarial.gradient": "adversarial.noise", "adversarial.black_box": "adversarial.noise"}
"""Attacks are drawn beside random noise of the same size: only the difference is their doing."""

FEW = 12
"""Up to this many images, each is drawn as a thin line of its own."""


@dataclass(frozen=True, kw_only=True)
class ModelCurve:
    """One model along an axis; `threads` are its single images, where they are few.

    `role` is None where the audited model is seen by another probe.
    """

    role: Role | None
    means: tuple[Mean | None, ...]
    threads: tuple[tuple[float | None, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Everything that one panel of a figure shows.

    `levels` are the ticks, None for the untouched image; `positions` are where they stand.
    `limits` are pairs of a place and the bound that a rule sets there.
    """

    metric: str
    words: Vocabulary
    panel: Panel
    levels: tuple[Scalar | None, ...]
    positions: tuple[float, ...]
    curves: tuple[ModelCurve, ...]
    limits: tuple[tuple[float, float], ...] = ()
    broken: Break | None = None
    home: Home | None = None
    beside: ModelCurve | None = None

    @property
    def mine(self) -> ModelCurve:
        """The curve of the audited model."""
        return self.curves[0]


def chart(record: Record, material: Material, panel: Panel) -> Chart | None:
    """Return the numbers of one panel, the audited model first; None where it has no value."""
    rows, clean, rules = material.rows, material.clean, material.rules
    start = begins(panel, material.mine, clean.get(AUDITED, []))
    levels: tuple[Scalar | None, ...] = (None, *panel.levels) if start else panel.levels
    curves = tuple(
        curve(
            role,
            levels,
            cells(panel, rows[role], clean.get(role, []), material.words),
            material.where,
        )
        for role in rows
        if rows[role]
    )
    if not curves or not any(curves[0].means):
        return None
    return Chart(
        metric=material.metric,
        words=material.words,
        panel=panel,
        levels=levels,
        positions=positions(levels),
        curves=curves,
        limits=limits(panel, levels, curves[0], rules),
        broken=broken(record, material, panel) if start else None,
        home=home(record, material.question.name, panel),
        beside=companion(record, material, panel, levels),
    )


def companion(
    record: Record, material: Material, panel: Panel, levels: Sequence[Scalar | None]
) -> ModelCurve | None:
    """Return the audited model's curve of the probe that must stand beside this one."""
    other = BESIDE.get(material.question.name)
    digest = record.roles().get(AUDITED, "")
    rows = list(record.measurements(other, digest, material.metric)) if other else []
    found = curve(None, levels, cells(panel, rows, [], material.words), material.where)
    return found if any(found.means) else None


def begins(panel: Panel, rows: Sequence[Measurement], clean: Sequence[Measurement]) -> bool:
    """Return whether the axis begins at the untouched image: not where level 1 changes nothing."""
    if panel.axis is None or not clean:
        return False
    untouched = {row.sample: row.value for row in clean}
    mine = [row for row in rows if row.sample in untouched and panel.holds(row.at)]
    by_level = {
        level: [row.value == untouched[row.sample] for row in mine if row.at[panel.axis] == level]
        for level in panel.levels
    }
    neutral = 1.0 in panel.levels and all(by_level[1.0])
    return bool(mine) and not neutral


def cells(
    panel: Panel,
    rows: Sequence[Measurement],
    clean: Sequence[Measurement],
    words: Vocabulary,
) -> dict[Scalar | None, dict[str, float]]:
    """Return values by level and image; the level None is the untouched image."""
    found: dict[Scalar | None, dict[str, float]] = {}
    for row in rows:
        if row.value is not None and row.sample is not None and panel.holds(row.at):
            level = row.at[panel.axis] if panel.axis else None
            found.setdefault(level, {})[row.sample] = row.value
    identity = {key: value for key, value in panel.fixed.items() if key in words.identities()}
    if panel.axis is not None:
        found[None] = {
            row.sample: row.value
            for row in clean
            if row.value is not None and row.sample is not None and row.at == identity
        }
    return found


def curve(
    role: Role | None,
    levels: Sequence[Scalar | None],
    found: Mapping[Scalar | None, Mapping[str, float]],
    where: Mapping[str, Place],
) -> ModelCurve:
    """Return the means of one model, and its single images where they are few."""
    images = sorted({sample for level in levels for sample in found.get(level, {})})
    untouched = found.get(None, {})
    threads = tuple(tuple(found.get(level, {}).get(one) for level in levels) for one in images)
    return ModelCurve(
        role=role,
        means=tuple(beside(found.get(level, {}), untouched, where) for level in levels),
        threads=threads if role == AUDITED and 1 < len(images) <= FEW else (),
    )


def positions(levels: Sequence[Scalar | None]) -> tuple[float, ...]:
    """Return where levels stand: by their logarithm, else by their value, else evenly spaced.

    The untouched image stands one mean step before the mildest level.

    >>> [round(x, 2) for x in positions([None, 1000.0, 100.0, 10.0])]
    [0.0, 1.0, 2.0, 3.0]
    >>> positions(["a", "b"])
    (0.0, 1.0)
    """
    known = [float(level) for level in levels if level is not None and counted(level)]
    if len(known) < len([level for level in levels if level is not None]) or len(known) < 2:  # noqa: PLR2004
        return tuple(float(index) for index in range(len(levels)))
    places = [math.log(one) for one in known] if min(known) > 0 else known
    extent = places[-1] - places[0]
    if not extent or sorted(places) not in (places, places[::-1]):
        return tuple(float(index) for index in range(len(levels)))
    steps = [(one - places[0]) / extent * (len(places) - 1) for one in places]
    shift = 1.0 if levels[0] is None else 0.0
    return (*((0.0,) * (levels[0] is None)), *(step + shift for step in steps))


def position(chart: Chart, level: float) -> float:
    """Return where a level between the known ones stands, kept inside the axis."""
    known = [float(one) for one in chart.panel.levels if counted(one)]
    places = chart.positions[-len(known) :]
    order = np.argsort(known)
    scale = np.log if min(known) > 0 else np.asarray
    return float(
        np.interp(
            scale(max(level, min(known))),
            scale(np.asarray(known)[order]),
            np.asarray(places)[order],
        )
    )


def limits(
    panel: Panel, levels: Sequence[Scalar | None], mine: ModelCurve, rules: Sequence[Rule]
) -> tuple[tuple[float, float], ...]:
    """Return where the rules on this axis apply: places and bounds in units of the metric."""
    places, before = positions(levels), mine.means[0] if levels[0] is None else None
    found = set()
    for rule in rules:
        level = rule.at.get(panel.axis or "")
        if rule.statistic != "mean" or not panel.holds(rule.at) or level not in levels:
            continue
        place = places[levels.index(level)]
        if not rule.against:
            found.add((place, rule.bound))
        elif rule.against == ("clean",) and before and rule.at_most is not None:
            found.add((place, before.value - rule.bound))
    return tuple(sorted(found))
