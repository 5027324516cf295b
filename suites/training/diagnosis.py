"""Which of the shapes that the field teaches a training's curves have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.measurement import Measurement
from suites.training.conditions import diagnose
from suites.training.logged import Logged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.logs.log import Run
    from audit.measurement import Scalar
    from suites.training.condition import CurveShape


@dataclass(frozen=True, kw_only=True)
class Diagnosis(Logged):
    """Overfitting, underfitting and their kin, told from the losses of every run.

    `holds` is 1 or 0 for each condition, with the sentence that says why, and undefined where the
    log cannot tell. The numbers it was decided by stand beside it: fractions are of the height of
    both curves, other numbers in the unit of the loss; `span_low` and `span_high` say from when to
    when the curve shows it. More than one condition may hold.
    """

    name: ClassVar[str] = "training.diagnosis"
    asks: ClassVar[str] = "Do the losses show overfitting, underfitting, or a training cut short?"
    source: ClassVar[str] = "arXiv:2401.10359"
    version: ClassVar[int] = 2

    def rows(self, run: Run) -> Iterator[Measurement]:
        """Yield whether each condition holds, and its evidence."""
        for condition in diagnose(run).conditions:
            yield from told(condition, {"run": run.name, "condition": condition.name})


def told(condition: CurveShape, at: Mapping[str, Scalar]) -> Iterator[Measurement]:
    """Yield a condition as rows: whether it holds, its numbers, where it shows."""
    if condition.holds is None:
        yield Measurement("holds", None, None, at, 0.0, condition.because)
    else:
        yield Measurement("holds", float(condition.holds), at=at, remark=condition.because)
    for metric, value in condition.evidence.items():
        yield Measurement(metric, value, at=at)
    for metric, end in zip(("span_low", "span_high"), condition.span or (), strict=False):
        yield Measurement(metric, end, at=at)
