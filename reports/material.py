"""Everything that the figures of one probe are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.evidence import AUDITED, BASELINE, Panel, Place, Question, panels, places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Measurement
    from audit.policy.rule import Rule
    from audit.record import Record

Rows = dict[str, list["Measurement"]]
"""Measurements of one metric by role, the audited model's first."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """The rows of one probe and metric, the untouched images' scores beside, and the rules."""

    question: Question
    metric: str
    rows: Rows
    clean: Rows
    rules: tuple[Rule, ...]
    panels: tuple[Panel, ...]
    where: Mapping[str, Place]

    @property
    def mine(self) -> list[Measurement]:
        """The rows of the audited model."""
        return self.rows[AUDITED]


def gather(
    record: Record,
    question: Question,
    metric: str,
    roles: Mapping[str, str],
    *,
    rules: Sequence[Rule],
) -> Material:
    """Return the material of one probe and metric."""
    rows = of_metric(record, question.name, metric, roles)
    untouched = question.name == BASELINE
    return Material(
        question=question,
        metric=metric,
        rows=rows,
        clean={} if untouched else of_metric(record, BASELINE, metric, roles),
        rules=tuple(r for r in rules if (r.probe, r.metric) == (question.name, metric)),
        panels=tuple(panels(rows[AUDITED], question.parameters)),
        where=places(record),
    )


def of_metric(record: Record, probe: str, metric: str, roles: Mapping[str, str]) -> Rows:
    """Return the rows of one metric by role."""
    return {
        role: list(record.measurements(probe, digest, metric)) for role, digest in roles.items()
    }
