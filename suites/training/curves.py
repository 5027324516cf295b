"""The curves of a training as rows, so that a report can draw them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from audit.measurement import Measurement
from audit.probing.probe import above_zero
from suites.training.logged import Logged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.logs.log import Curve, Run
    from audit.measurement import Scalar

LOST = "the log holds no finite number here"


@dataclass(frozen=True, kw_only=True)
class Curves(Logged):
    """The losses and the learning rate of every run, as they were logged.

    Of a longer curve at most `points` are kept, evenly, with its first and last and all that is not
    finite. Losses are in the unit of the log, the rate is per step. `notices` counts what was odd
    about the log, and says it, after which columns were taken and why.
    """

    name: ClassVar[str] = "training.curves"
    asks: ClassVar[str] = "How did the losses run during training?"
    source: ClassVar[str] = "doi:10.1038/s41467-021-22518-0"

    points: int = 1000

    def __post_init__(self) -> None:
        above_zero(self, "points")

    def rows(self, run: Run) -> Iterator[Measurement]:
        """Yield what was noticed, and each value of each curve, thinned."""
        odd = sum(notice.kind != "taken" for notice in run.notices)
        said = "; ".join(notice.text for notice in run.notices)
        yield Measurement("notices", float(odd), at={"run": run.name}, remark=said)
        for metric, curve in curves(run).items():
            for place in kept(curve, self.points):
                value = curve.values[place]
                at: dict[str, Scalar] = {"run": run.name, run.counts: curve.at[place]}
                if math.isfinite(value):
                    yield Measurement(metric, value, at=at)
                else:
                    yield Measurement(metric, None, None, at, 0.0, LOST)


def curves(run: Run) -> dict[str, Curve]:
    """Return the curves of a run that are drawn, by metric."""
    found = {
        "training_loss": run.training,
        "validation_loss": run.validation,
        "learning_rate": run.rate,
    }
    return {metric: curve for metric, curve in found.items() if curve is not None}


def kept(curve: Curve, points: int) -> list[int]:
    """Return the places of a curve that are recorded: the ends, evenly between, the not finite."""
    count = len(curve.at)
    even = set(np.linspace(0, count - 1, min(count, points)).round().astype(int).tolist())
    lost = [place for place in range(count) if not math.isfinite(curve.values[place])]
    return sorted(even | set(lost[:points]))
