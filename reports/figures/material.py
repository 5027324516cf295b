"""Everything that the figures of one probe are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.measurement import Measurement
from audit.role import AUDITED, Role
from reports.figures.evidence import (
    BASELINE,
    Panel,
    Question,
    panels,
    places,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Scalar
    from audit.policy.rule import Rule
    from audit.quantities.table import Place
    from audit.record.record import Record
    from reports.vocabulary import Vocabulary

Rows = dict[Role, list[Measurement]]
"""Measurements of one metric by role, the audited model's first."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """The rows of one probe and metric, the untouched images' scores beside, and the rules."""

    question: Question
    metric: str
    rows: Rows
    clean: Rows
    rules: tuple[Rule, ...]
    words: Vocabulary
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
    roles: Mapping[Role, str],
    *,
    rules: Sequence[Rule],
    words: Vocabulary,
) -> Material:
    """Return the rows of one probe and metric with all that its figures need."""
    rows = of_metric(record, question.name, metric, roles, words)
    untouched = question.name == BASELINE
    return Material(
        question=question,
        metric=metric,
        rows=rows,
        clean={} if untouched else of_metric(record, BASELINE, metric, roles, words),
        rules=tuple(r for r in rules if (r.probe, r.metric) == (question.name, metric)),
        words=words,
        panels=tuple(panels(rows[AUDITED], question.parameters, words)),
        where=places(record),
    )


def of_metric(
    record: Record, probe: str, metric: str, roles: Mapping[Role, str], words: Vocabulary
) -> Rows:
    """Return the rows of one metric by role."""
    return {
        role: joined(list(record.measurements(probe, digest, metric)), words)
        for role, digest in roles.items()
    }


def joined(rows: Sequence[Measurement], words: Vocabulary) -> list[Measurement]:
    """Return means over the objects and random draws of each image and condition."""
    groups: dict[tuple[str | None, str], list[Measurement]] = {}
    for row in rows:
        groups.setdefault((row.sample, str(words.apart(row.at)[0])), []).append(row)
    if len(groups) == len(rows):
        return list(rows)
    return [mean_of(same, words.apart(same[0].at)[0]) for same in groups.values()]


def mean_of(rows: Sequence[Measurement], at: Mapping[str, Scalar]) -> Measurement:
    """Return the mean of rows that differ by object or draw only, at the condition they share."""
    first = rows[0]
    values = [row.value for row in rows if row.value is not None]
    weight = sum(row.weight for row in rows)
    if not values:
        return Measurement(first.metric, None, first.sample, at, weight, first.undefined)
    return Measurement(first.metric, sum(values) / len(values), first.sample, at, weight)
