"""Doubt: who is accused by bounds that nobody knows so well, or by few points, is not accused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from suites.training.reading import FEWEST

if TYPE_CHECKING:
    from suites.training.condition import CurveShape
    from suites.training.reading import Reading

NEAR, EXTRAPOLATED = 1.25, 2.0
"""Nobody knows a bound better than to a quarter; what is extrapolated is known to a factor of two.
"""

BEGUN = 1.5
"""A share of the first loss is known to a half: it is that of an epoch, in which something was
learnt already, and nobody knows how low a loss can come."""

FEW, TWICE = 20, 2.0
"""By few points nobody is accused but beyond bounds twice as strict, nor by half a log."""


class Strict(Protocol):
    """A rule that can be made stricter by a factor."""

    def __call__(self, reading: Reading, strict: float = 1.0) -> CurveShape:
        """Return what the rule says of a reading."""


@dataclass(frozen=True)
class Stricter:
    """A rule that says nothing where one that is stricter by a factor would not accuse.

    `on` is the curve whose points it rests on.
    """

    rule: Strict
    on: Literal["training", "validation", "both"] = "both"
    factor: float = 1.0

    def __call__(self, reading: Reading) -> CurveShape:
        """Return what the rule says, or that it is too near its bound to be told."""
        found = self.rule(reading)
        if not found.holds or found.certain:
            return found
        points = reading.points(self.on)
        if points < FEWEST:
            why = f"{points} points are too few to say so: {FEWEST} are the least."
            return withheld(found, why)
        weak = weakness(reading, points)
        strict = max(self.factor, TWICE) if weak else self.factor
        if strict == 1.0 or self.rule(reading, strict).holds:
            return found
        of = f", which {weak} for," if weak else ""
        return withheld(
            found,
            f"But by a bound {strict:g} times as strict{of} it would not be so: it cannot be told.",
        )


def weakness(reading: Reading, points: int) -> str:
    """Return what calls for stricter bounds; "" where nothing does."""
    if points < FEW:
        return f"{points} points call"
    # What was learnt before is not in the log, so every share of a height is too large.
    return "a log that begins late calls" if reading.resumed else ""


def withheld(found: CurveShape, why: str) -> CurveShape:
    """Return a condition that would hold as one that cannot be told."""
    because = f"{found.because} {why}"
    return replace(found, holds=None, span=None, because=because, near=True)
