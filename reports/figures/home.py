"""Where the audited images themselves lie on an axis of severity, beside where the model breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from audit.record.record import Record
    from reports.figures.evidence import Panel

POSITION = "shift.position"
"""The probe that estimates, image by image, where the data lie; its metrics are named as axes."""

NAMES = {"shift.saturation": "saturated_percent"}
"""Metrics of that probe which are not named after their axis, by the probe of the axis."""

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
