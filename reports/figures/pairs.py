"""Two metrics of the same objects against each other: what a rule on their correlation is about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.quantities.absence import Absent
from audit.quantities.evidence import gather
from reports.figures.svg import MODEL, canvas, inline, wrapped
from reports.vocabulary import Vocabulary
from reports.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.policy.rule import Rule
    from audit.record.record import Record


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """The rule's metric over the metric beside it, both in words; a point for each of `things`."""

    things: str
    metric: str
    beside: str
    points: tuple[tuple[float, float], ...]


def pairs(record: Record, rules: Sequence[Rule]) -> Pairs | None:
    """Return the points of the first rule on a correlation; None where there is none."""
    rule = next((one for one in rules if one.beside is not None), None)
    if rule is None or rule.beside is None:
        return None
    evidence = gather(record, rule)
    if isinstance(evidence, Absent):
        return None
    both = zip(evidence.beside.tolist(), evidence.values[:, 0].tolist(), strict=True)
    points = tuple((across, up) for across, up in both if math.isfinite(across))
    mine, beside = map(Vocabulary.of(record).metric, (rule.metric, rule.beside))
    things = "object" if rule.each else evidence.unit
    return Pairs(things=things, metric=mine, beside=beside, points=points) if points else None


def title_of(found: Pairs) -> str:
    """Return what the figure shows."""
    mine, beside = found.metric, found.beside
    return f"{mine} against {beside}, a dot for each of {count(len(found.points), found.things)}"


def draw_pairs(found: Pairs, says: str) -> str:
    """Return the points as SVG."""
    with canvas(2.9) as (figure, axes):
        axis = axes[0, 0]
        across, up = zip(*found.points, strict=True)
        size = 4.0 if len(across) < 200 else 2.5  # noqa: PLR2004 (a crowd needs smaller dots)
        axis.plot(across, up, "o", color=MODEL, markersize=size, alpha=0.5, markeredgewidth=0)
        axis.set_xlabel(found.beside)
        axis.set_ylabel(wrapped(found.metric))
        return inline(figure, says)
