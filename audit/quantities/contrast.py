"""A paired difference among others that share one risk, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from audit.statistics.level import Level
from audit.statistics.multiplicity import holm_levels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.metric import Better
    from audit.quantities.answer import Answer, Span

ALPHA = 0.05
"""The family-wise error rate: how often anything in a family is marked where nothing differs."""


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """One difference, tested at the level `held_to` that Holm's correction leaves to it.

    `better` says which way it is good; "" where neither is. `small` is the margin below which a
    difference is negligible, in its own unit; None where there is none.
    """

    answer: Answer
    better: Better
    held_to: float
    small: float | None = None

    @property
    def value(self) -> float:
        """The difference, or the factor between two levels."""
        return self.answer.value

    @property
    def interval(self) -> Span | None:
        """The interval at the level that the family leaves to this comparison."""
        return self.answer.interval(1 - self.held_to)

    @property
    def elsewhere(self) -> Span | None:
        """That for other movies, where it stands beside."""
        return self.answer.elsewhere(1 - self.held_to)

    @property
    def sure(self) -> bool:
        """Whether the interval excludes that nothing differs."""
        none, span = nothing(self.answer), self.interval
        return span is not None and (span[0] > none or span[1] < none)

    @property
    def identical(self) -> bool:
        """Whether the two have the same value on every image."""
        return self.value == nothing(self.answer) and self.answer.estimate.deviation == 0

    @property
    def ahead(self) -> bool:
        """Whether the difference is on the good side."""
        return (self.value > nothing(self.answer)) == (self.better == "higher")

    @property
    def word(self) -> Literal["better", "worse", ""]:
        """What the interval says, in a word; "" where nothing differs surely."""
        return ("better" if self.ahead else "worse") if self.sure and self.better else ""

    @property
    def negligible(self) -> bool:
        """Whether the whole interval lies between -`small` and `small`."""
        small, span = self.small, self.interval
        return small is not None and span is not None and -small < span[0] <= span[1] < small

    @property
    def lost(self) -> bool:
        """Whether the whole interval is a loss of more than `small`."""
        if self.small is None or self.interval is None or not self.better:
            return False
        low, high = self.interval
        return high < -self.small if self.better == "higher" else low > self.small

    @property
    def seen_from(self) -> float | None:
        """The smallest difference that is detected with 80 % power; None if unknown.

        Of a breaking point it is a factor.
        """
        return self.answer.estimate.detectable(self.held_to)


def nothing(answer: Answer) -> float:
    """Return the difference where nothing differs: 0, and of levels the factor 1."""
    return 1.0 if isinstance(answer.estimate, Level) else 0.0


def held_to(answers: Sequence[Answer], bounds: Sequence[Sequence[float]]) -> list[float]:
    """Return the significance level of each comparison of a family (Holm).

    `bounds` are the values that each is tested against. Of several, the largest p value counts, so
    that the family-wise error rate stays at 5 %.
    """
    doubts = [
        max(one.estimate.doubt(bound) for bound in mine)
        for one, mine in zip(answers, bounds, strict=True)
    ]
    return holm_levels(doubts, ALPHA)
