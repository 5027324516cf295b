"""Doubt: who is accused by bounds that nobody knows so well, is not accused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from suites.training.condition import CurveShape
    from suites.training.reading import Reading

NEAR, EXTRAPOLATED = 1.25, 2.0
"""Nobody knows a bound better than to a quarter; what is extrapolated is known to a factor of two.
"""


class Strict(Protocol):
    """A rule that can be made stricter by a factor."""

    def __call__(self, reading: Reading, strict: float = 1.0) -> CurveShape:
        """Return what the rule says of a reading."""


class Stricter:
    """A rule that says nothing where one that is stricter by a factor would not accuse."""

    def __init__(self, rule: Strict, factor: float = NEAR) -> None:
        self.rule, self.factor = rule, factor

    def __call__(self, reading: Reading) -> CurveShape:
        """Return what the rule says, or that it is too near its bound to be told."""
        found = self.rule(reading)
        if not found.holds or self.rule(reading, self.factor).holds:
            return found
        why = (
            f"{found.because} But by a bound {self.factor:g} times as strict it would not be so: "
            "it cannot be told."
        )
        return replace(found, holds=None, span=None, because=why, near=True)
