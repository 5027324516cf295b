"""What is said of a training: a condition that holds, does not hold, or cannot be told."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (a dataclass field)
from dataclasses import dataclass, field
from typing import Literal

Name = Literal[
    "diverged",
    "learning rate too high",
    "overfitting",
    "unrepresentative training",
    "unrepresentative validation",
    "underfitting",
    "not finished",
    "good fit",
]
"""The shapes of learning curves, by the names under which the field teaches them."""


@dataclass(frozen=True, kw_only=True)
class CurveShape:
    """One shape of the curves: whether they have it, and why, as a sentence with the numbers.

    `holds` is None where the log cannot tell; `because` is then the reason. `evidence` are the
    numbers that were decided by, each in the unit that its name says; fractions are of the height
    of the curves. `span` is the stretch of the curve to be pointed at, in epochs or steps. `near`
    says that it cannot be told because the numbers lie too near the bounds. `certain` says that no
    bound was needed, as for a loss that is not a number; `asked` is False where the rule itself
    failed, for the reason in `because`. `local` says that it concerns its stretch alone, so that
    the rest of the curves can be judged as if it were not there.
    """

    name: Name
    holds: bool | None
    because: str
    evidence: Mapping[str, float] = field(default_factory=dict)
    span: tuple[float, float] | None = None
    near: bool = False
    certain: bool = False
    asked: bool = True
    local: bool = False
