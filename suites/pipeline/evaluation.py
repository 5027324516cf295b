"""The remedy of a network that was saved in training mode, tried: the same after eval()."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe, among
from suites.pipeline.batch import COMPANIONS, beside
from suites.pipeline.change import agreements, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.models.segmenter import Segmenter
    from audit.probing.case import Case

SETTLED = "no part of the model is in training mode, or nobody can switch it"


@dataclass(frozen=True, kw_only=True)
class Evaluation(Probe):
    """Score, and agreement beside companions, of a copy of the model on which eval() was called.

    The audit is of the model as it was saved; this only tells what the simplest remedy would bring
    where it has a part in training mode. Elsewhere there is nothing to switch: undefined.
    """

    name: ClassVar[str] = "pipeline.evaluation"
    asks: ClassVar[str] = "What would a call to eval() bring?"
    source: ClassVar[str] = "arXiv:1502.03167"
    needs: ClassVar[Needs] = Needs(model="live", masks=True)

    companion: tuple[str, ...] = tuple(COMPANIONS)

    def __post_init__(self) -> None:
        among(self, COMPANIONS, "companion")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what the pipeline's score and batch yield, of the copy."""
        settled = case.model.evaluated()
        if settled is None:
            yield from self.nothing(case)
            return
        alone = case.predict(case.images, settled)
        yield from case.score(case.images, alone)
        for name in self.companion:
            labels = self.accompanied(case, settled, name)
            yield from agreements(case, alone.labels, labels, companion=name)

    @staticmethod
    def accompanied(case: Case, model: Segmenter, name: str) -> Tensor:
        """Return the classes (B, Y, X) of each image beside a companion."""
        images = [case.images[i : i + 1] for i in range(len(case.samples))]
        return together([beside(case, image, name, model) for image in images]).labels

    def nothing(self, case: Case) -> Iterator[Measurement]:
        """Yield that there is nothing to switch."""
        for look in case.looks():
            yield look.undefined("iou", SETTLED)
            for name in self.companion:
                yield look.undefined("agreement", SETTLED, companion=name)
