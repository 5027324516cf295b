"""The threshold between background and foreground: declared, best, and best for each image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.errors import UsageError
from audit.models.segmenter import Prediction, highest
from audit.probing.probe import Needs, Probe, above_zero
from audit.tasks.semantic import EMPTY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Threshold(Probe):
    """Overlap when the odds of every foreground class are multiplied by a factor.

    Odds of 1 are the declared rule, the class of highest probability; with two classes a factor o
    is the threshold 1 / (1 + o). `oracle_gain` is what each image gains by its own best threshold,
    chosen with its truth: a score published with such thresholds is too good by as much.
    """

    name: ClassVar[str] = "imbalance.threshold"
    asks: ClassVar[str] = "Would another threshold do better, for the set or for each image?"
    source: ClassVar[str] = "arXiv:1402.1892"
    needs: ClassVar[Needs] = Needs(
        model="outputs", masks=True, complete=True, probabilities=True, tasks=("semantic",)
    )

    odds: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)

    def __post_init__(self) -> None:
        above_zero(self, "odds")
        if 1.0 not in self.odds:
            raise UsageError(f"{self.name}.odds: expected 1, the declared rule, among {self.odds}")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each threshold, and what its own best one gains."""
        scores: dict[str, dict[float, float]] = {sample.id: {} for sample in case.samples}
        for odds in self.odds:
            prediction = Prediction(labels=self.labels(case.clean, odds))
            for row in case.score(case.images, prediction, odds=odds):
                if row.metric == "iou" and row.value is not None and row.sample is not None:
                    scores[row.sample][odds] = row.value
                yield row
        for look in case.looks():
            mine = scores[look.sample.id]
            gain = max(mine.values()) - mine[1.0] if 1.0 in mine else None
            yield look.row("oracle_gain", gain, why=EMPTY)

    @staticmethod
    def labels(clean: Prediction, odds: float) -> Tensor:
        """Return the classes (B, Y, X) of highest probability, the foreground's times the odds."""
        assert clean.probabilities is not None
        if odds == 1:
            return clean.labels
        weighted = clean.probabilities.clone()
        weighted[:, 1:] *= odds
        return highest(weighted)
