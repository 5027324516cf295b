"""The two curves of a training beside each other, and the height that all is measured in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from suites.training.condition import CurveShape
from suites.training.trace import Trace, trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.logs.log import Run
    from suites.training.condition import Name

EARLY = 0.95
"""The height reaches up to this quantile, so that one huge first loss does not hide the rest."""


LEAST = 5
"""Points of validation without which neither noise nor a gap can be told."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A run with its curves as traces; a curve that is lacking is None."""

    run: Run
    training: Trace | None
    validation: Trace | None

    @property
    def judged(self) -> Trace | None:
        """The curve that checkpoints are judged by: validation, or training where there is none."""
        return self.validation or self.training

    @cached_property
    def height(self) -> float:
        """The height of both curves together, in units of the loss, their first drop trimmed."""
        return float(np.quantile(self.both, EARLY) - self.floor) if len(self.both) else 0.0

    @cached_property
    def whole(self) -> float:
        """The height that both curves came down, in units of the loss, the first value included.

        That of training: the first validations of a network often lie anywhere.
        """
        first = self.training or self.validation
        return max(self.height, first.start - self.floor) if first else 0.0

    @property
    def floor(self) -> float:
        """The lowest level of either curve."""
        return min(one.low for one in (self.training, self.validation) if one)

    @cached_property
    def both(self) -> NDArray[np.float64]:
        """The values of both curves, training where there is validation to compare it with."""
        if self.training and self.validation:
            beside = np.interp(self.validation.at, self.training.at, self.training.values)
            return np.concatenate([beside, self.validation.values])
        one = self.training or self.validation
        return one.values if one else np.array([])


def read(run: Run) -> Reading:
    """Return a run's curves, ready to be reasoned about."""
    return Reading(run=run, training=trace(run.training), validation=trace(run.validation))


def shortage(run: Run, name: Literal["training", "validation"]) -> str:
    """Return why a loss of a run is no trace: it was not logged, or is too short to be a curve."""
    curve = getattr(run, name)
    if curve is None or not curve.values:
        return f"the log has no {name} loss"
    return f"the log has too few values of the {name} loss: two finite ones are the least"


def lacking(name: Name) -> CurveShape:
    """Return that nothing can be told where a curve is lacking or too short."""
    why = f"This cannot be told: it takes both losses, and {LEAST} values of validation."
    return CurveShape(name=name, holds=None, because=why)
