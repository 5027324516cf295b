"""The two curves of a training beside each other, and the height that all is measured in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from suites.training.condition import CurveShape
from suites.training.trace import LATER, Trace, trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.logs.log import Run
    from suites.training.condition import Name

EARLY = 0.95
"""The height reaches up to this quantile, so that one huge first loss does not hide the rest."""


OUTLYING = 5.0
"""A training loss that began this many times as high as validation ever was began beyond scale."""

BEGUN = 1.5
"""A first entry after more than this many steps of the log is not that of a beginning."""

ALIKE = 1.5
"""Curves are parallel where their distance never differs by this factor from that at the end."""

FEWEST = 8
"""By fewer points nobody is accused, and nothing is called good."""

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

    def points(self, on: Literal["training", "validation", "both"]) -> int:
        """Return how many finite values there are of a curve, or of the shorter of both."""
        found = {"training": self.training, "validation": self.validation}
        asked = found.values() if on == "both" else (found[on],)
        return min((len(one.values) for one in asked if one), default=0)

    @property
    def blind(self) -> bool:
        """Whether validation was lost before the end: its last value is not a number."""
        values = self.run.validation.values if self.run.validation else ()
        return bool(values) and not np.isfinite(values[-1])

    @property
    def resumed(self) -> bool:
        """Whether the log begins later than a first epoch: what was learnt before is not in it.

        So it is where a training goes on from another, whatever it counts from.
        """
        if self.run.continues:
            return True
        first = self.training or self.validation
        if first is None:
            return False
        return bool(first.at[0] > max(1.0, BEGUN * float(np.median(np.diff(first.at)))))

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
        return max(self.height, min(first.start, self.ceiling) - self.floor) if first else 0.0

    @property
    def ceiling(self) -> float:
        """How high a curve counts: a first training loss may lie anywhere above validation.

        Losses that go below zero have a scale of their own.
        """
        if self.training is None or self.validation is None or self.floor <= 0:
            return float("inf")
        return OUTLYING * float(self.validation.levels.max())

    @cached_property
    def gaps(self) -> NDArray[np.float64]:
        """How far validation lies above training, from level to level, at each validation."""
        if self.training is None or self.validation is None:
            return np.array([])
        return self.validation.levels - self.training.around(self.validation.at)

    @property
    def parallel(self) -> bool:
        """Whether the curves are as far apart in the last quarter of the time as in that before."""
        if self.validation is None or not len(self.gaps):
            return False
        last, later = self.validation.late(1 / 4), self.validation.late(LATER)
        before = self.gaps[later & ~last]
        return len(before) > 0 and alike(np.median(before), np.median(self.gaps[last]))

    @property
    def throughout(self) -> bool:
        """Whether the curves are as far apart as at their end from the first value on."""
        return len(self.gaps) > 0 and all(alike(gap, self.gaps[-1]) for gap in self.gaps)

    @property
    def differ(self) -> bool:
        """Whether the curves are as wide apart as they are high, and were so from the first on."""
        return self.throughout and abs(float(self.gaps[-1])) > self.common

    @property
    def common(self) -> float:
        """What the curve that fell less fell by, in units of the loss."""
        return min(one.start - one.low for one in (self.training, self.validation) if one)

    @property
    def floor(self) -> float:
        """The lowest level of either curve."""
        return min(one.low for one in (self.training, self.validation) if one)

    @cached_property
    def both(self) -> NDArray[np.float64]:
        """The values of both curves, training where there is validation to compare it with."""
        if self.training and self.validation:
            beside = np.interp(self.validation.at, self.training.at, self.training.values)
            highest = max(self.ceiling, float(self.validation.values.max()))
            return np.concatenate([np.minimum(beside, highest), self.validation.values])
        one = self.training or self.validation
        return one.values if one else np.array([])


def alike(one: float, other: float) -> bool:
    """Return whether two distances are the same within `ALIKE`, and on the same side."""
    least, most = sorted((one / other, other / one)) if one and other else (0.0, 0.0)
    return least > 0 and most < ALIKE


def read(run: Run) -> Reading:
    """Return a run's curves, ready to be reasoned about."""
    return Reading(run=run, training=trace(run.training), validation=trace(run.validation))


def shortage(run: Run, name: Literal["training", "validation"]) -> str:
    """Return why a loss of a run is no trace: not logged, not a number, or too short a curve."""
    curve = getattr(run, name)
    if curve is None or not curve.values:
        return f"the log has no {name} loss"
    if not np.isfinite(curve.values).any():
        return f"no {name} loss is a number: look at the {name} images"
    return f"the log has too few values of the {name} loss: two finite ones are the least"


def lacking(name: Name) -> CurveShape:
    """Return that nothing can be told where a curve is lacking or too short."""
    why = f"This cannot be told: it takes both losses, and {LEAST} values of validation."
    return CurveShape(name=name, holds=None, because=why)
