"""Where the audited images themselves lie on an axis of severity, beside where the model breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.words import significant

if TYPE_CHECKING:
    from audit.record.record import Record
    from reports.figures.curves import Chart
    from reports.figures.evidence import Panel

POSITION = "shift.position"
"""The probe that estimates, image by image, where the data lie; its metrics are named as axes."""

NAMES = {"shift.saturation": "saturated_percent"}
"""Axes whose own name says too little."""

ENDS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, kw_only=True)
class Home:
    """The middle eight tenths of the audited images on an axis, and their median."""

    low: float
    middle: float
    high: float


def home(record: Record, probe: str, panel: Panel) -> Home | None:
    """Return where the images lie on an axis; None where nobody estimated that."""
    if panel.axis is None or not probe.startswith("shift."):
        return None
    shapes = [value for value in panel.fixed.values() if isinstance(value, str)]
    axis = NAMES.get(probe, "_".join((*shapes, panel.axis)))
    rows = record.measurements(POSITION, "", axis)
    values = [row.value for row in rows if row.value is not None]
    if not values:
        return None
    low, middle, high = (float(one) for one in np.quantile(values, ENDS))
    return Home(low=low, middle=middle, high=high)


def said(chart: Chart) -> str:
    """Return in words where the images lie, and where the model breaks; "" where unknown."""
    found, axis = chart.home, chart.panel.axis or ""
    if found is None:
        return ""
    shape = " ".join(str(value) for value in chart.panel.fixed.values())
    middle = chart.words.level(axis, float(significant(found.middle)))
    ends = f"{significant(found.low)} to {significant(found.high)}"
    broken = chart.broken.point if chart.broken else None
    breaks = (
        f"; it breaks at {chart.words.level(axis, float(significant(broken)))}" if broken else ""
    )
    return (
        f"These images themselves{' (' + shape + ')' if shape else ''}: {middle} ({ends}){breaks}."
    )
