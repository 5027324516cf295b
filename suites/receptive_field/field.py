"""What the reach of a model is known to be, for the probes that build on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.probing.case import Case

REACH = "receptive_field.reach"
"""The probe whose rows are read."""


@dataclass(frozen=True)
class Field:
    """A theoretical receptive field: its radius in px, the largest at any phase of the stride.

    Where it exceeds the image both are a lower bound.
    """

    reach_px: float
    largest_px: float
    exceeds: bool


def field(case: Case) -> Field:
    """Return the receptive field of the case's model."""
    known = {row.metric: row.value for row in case.rows(REACH)}
    least = known["reach_at_least_px"] or 0.0
    largest = known["reach_max_px"]
    return Field(
        reach_px=least,
        largest_px=least if largest is None else largest,
        exceeds=known["reach_exceeds_image"] == 1,
    )
