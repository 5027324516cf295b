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
"""The risk that anything in a family is marked where nothing differs."""


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """One difference, held to the risk that its family leaves to it.

    `better` is which way it is good; "" where neither is. `small` is a difference that nobody
    minds, in its own unit; None where there is none.
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
        """Whether the two agree on every image, as where neither sees or loses anything."""
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
        """Whether any difference is surely smaller than what somebody would mind."""
        small, span = self.small, self.interval
        return small is not None and span is not None and -small < span[0] <= span[1] < small

    @property
    def lost(self) -> bool:
        """Whether more was lost for sure than nobody minds."""
        if self.small is None or self.interval is None or not self.better:
            return False
        low, high = self.interval
        return high < -self.small if self.better == "higher" else low > self.small

    @property
    def seen_from(self) -> float | None:
        """The smallest difference that would have been seen four times in five; None if unknown.

        Of a breaking point it is a factor.
        """
        return self.answer.estimate.detectable(self.held_to)


def nothing(answer: Answer) -> float:
    """Return the difference where nothing differs: 0, and of levels the factor 1."""
    return 1.0 if isinstance(answer.estimate, Level) else 0.0


def held_to(answers: Sequence[Answer], bounds: Sequence[Sequence[float]]) -> list[float]:
    """Return the risk that a family leaves to each of its comparisons (Holm).

    `bounds` are what each is compared with: a comparison that says several things is as doubtful
    as the most doubtful of them, so that all that a family says errs 5 % together.
    """
    doubts = [
        max(one.estimate.doubt(bound) for bound in mine)
        for one, mine in zip(answers, bounds, strict=True)
    ]
    return holm_levels(doubts, ALPHA)
