"""What a probe yields and a record holds: one number, where it was taken, and its evidence.

Standard library only, so that a report can be rendered where neither torch nor numpy is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Scalar = str | int | float | bool
"""What a condition may be: a floating-point one is rounded to twelve digits."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One encoded picture, the evidence of a measurement."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number, or the reason why there is none; tidy: one row, one number.

    `metric` carries its unit in its name. `at` holds designed conditions and identities, never
    values found in the data. `weight` is the value's denominator (union pixels, objects), so that
    the pooled value is sum(value * weight) / sum(weight). `remark` says in a sentence what a reader
    could not see in the value. Raises ValueError where the value or a condition is not finite, or
    where both or neither of value and `undefined` stand.

    >>> Measurement("iou", 0.5, "02/t003", {"sigma_um": 0.1 + 0.2}).at
    {'sigma_um': 0.3}
    """

    metric: str
    value: float | None
    sample: str | None = None
    at: Mapping[str, Scalar] = field(default_factory=dict)
    weight: float = 1.0
    undefined: str | None = None
    picture: Callable[[], Picture] | None = field(default=None, compare=False, repr=False)
    remark: str = ""

    def __post_init__(self) -> None:
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"{self.metric}: {self.value} is not a measurement")
        if not (math.isfinite(self.weight) and self.weight >= 0):
            raise ValueError(f"{self.metric}: {self.weight} is not a weight")
        if (self.value is None) == (self.undefined is None):
            raise ValueError(f"{self.metric}: expected either a value or a reason, got {self}")
        if not all(math.isfinite(v) for v in self.at.values() if isinstance(v, float)):
            raise ValueError(f"{self.metric}: {dict(self.at)} is not a condition")
        object.__setattr__(self, "at", {k: rounded(v) for k, v in sorted(self.at.items())})


def rounded(value: Scalar) -> Scalar:
    """Return the value as a record keeps it: twelve digits, so that 0.1 + 0.2 is 0.3."""
    return float(f"{value:.12g}") if isinstance(value, float) else value
