"""The result of a quantity: an estimate in each scope, with intervals cut to possible values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.statistics.estimate import USUAL

if TYPE_CHECKING:
    from audit.quantities.evidence import Evidence
    from audit.quantities.quantity import Quantity
    from audit.statistics.estimate import Estimate, Scope

Span = tuple[float, float]
"""The two ends of an interval."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An estimate for these movies and one for others; `scope` says which of them is judged.

    `low` and `high` bound the possible values. Intervals are cut to them, since Student's t may
    reach beyond.
    """

    here: Estimate
    beyond: Estimate
    scope: Scope = USUAL
    low: float = -math.inf
    high: float = math.inf

    @property
    def estimate(self) -> Estimate:
        """The estimate in the scope that is judged by."""
        return self.here if self.scope == "here" else self.beyond

    @property
    def value(self) -> float:
        """What was found, which is the same in either scope."""
        return self.here.value

    @property
    def several(self) -> bool:
        """Whether there are several movies with several images: the two scopes then differ."""
        return 1 < self.here.groups < self.here.n

    @property
    def carries(self) -> str:
        """How far its interval carries, in a sentence."""
        if self.scope == "beyond":
            return "Intervals are of other movies, plates or donors like these."
        if self.several:
            return "Intervals are of these very movies; those of others stand beside."
        if self.here.groups == 1 < self.here.n:
            return "Intervals are of this one movie, and say nothing of others."
        return "Images are assumed to be independent of one another."

    def interval(self, level: float = 0.95) -> Span | None:
        """Return the interval in the scope that is judged by; None where the data allow none."""
        return self.cut(self.estimate.interval(level))

    def elsewhere(self, level: float = 0.95) -> Span | None:
        """Return the interval for other movies, where it stands beside that for these."""
        aside = self.several and self.scope == "here"
        return self.cut(self.beyond.interval(level)) if aside else None

    def cut(self, found: Span | None) -> Span | None:
        """Return an interval that ends at what is possible."""
        return None if found is None else (max(self.low, found[0]), min(self.high, found[1]))


def possible(quantity: Quantity, evidence: Evidence) -> Span:
    """Return the least and the most that a statistic can be."""
    if quantity.statistic == "correlation":
        return -1.0, 1.0
    if quantity.statistic == "permutation":
        return 0.0, 1.0
    if quantity.statistic == "breaking_point":
        levels = [float(one) for one in evidence.choices if isinstance(one, int | float)]
        return min(levels), max(levels)
    if quantity.statistic == "rate" and not quantity.against:
        return 0.0, evidence.high
    if quantity.statistic == "gain":
        span = evidence.high - evidence.low
        return -span, span
    return evidence.low, evidence.high
