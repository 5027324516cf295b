"""Whether the prediction of an image depends on what else is in its batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.light import extremes
from audit.probing.probe import Needs, Probe, among
from suites.pipeline.change import agreements, probability_changes, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.models.segmenter import Prediction, Segmenter
    from audit.probing.case import Case

COMPANIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "similar": lambda image: image.flip(-1),
    "black": torch.zeros_like,
    "white": lambda image: extremes(image)[1].expand_as(image),
    "bright": lambda image: 3 * image,
}
"""What stands beside an image (1, C, Y, X): itself mirrored, nothing, full light, thrice itself."""


@dataclass(frozen=True, kw_only=True)
class Batch(Probe):
    """Agreement of an image's prediction beside a companion with its prediction alone.

    The model is asked as it was loaded. A network whose batch normalisation was left in training
    mode normalises by the batch at hand: what it says of an image depends on its company. A call
    to eval() would cure it, and hide what users get.
    """

    name: ClassVar[str] = "pipeline.batch"
    asks: ClassVar[str] = "Does the result depend on what else is in the batch?"
    source: ClassVar[str] = "arXiv:1702.03275"
    needs: ClassVar[Needs] = Needs(model="live")

    companion: tuple[str, ...] = tuple(COMPANIONS)

    def __post_init__(self) -> None:
        among(self, COMPANIONS, "companion")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield agreement and the largest change of a probability, beside each companion."""
        images = [case.images[i : i + 1] for i in range(len(case.samples))]
        alone = case.clean if len(images) == 1 else together([case.predict(i) for i in images])
        for name in self.companion:
            company = together([beside(case, image, name) for image in images])
            yield from agreements(case, alone.labels, company.labels, companion=name)
            yield from probability_changes(case, alone, company, companion=name)


def beside(case: Case, image: Tensor, name: str, model: Segmenter | None = None) -> Prediction:
    """Return the prediction of one image (1, C, Y, X) that has a companion; see `Case.predict`."""
    both = case.predict(torch.cat((image, COMPANIONS[name](image))), model)
    planes = both.probabilities
    return type(both)(labels=both.labels[:1], probabilities=None if planes is None else planes[:1])
