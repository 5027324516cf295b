"""The hidden resolution: was the model trained on coarser or finer pixels than these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from torch.nn.functional import one_hot

from audit.imaging.resample import resample, scaled_size
from audit.models.segmenter import Prediction, highest
from audit.probe import Case, Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement


@dataclass(frozen=True, kw_only=True)
class Scale(Probe):
    """Overlap when the image is resampled by a factor and the prediction resampled back.

    Factors below 1 make coarser pixels. The factor 1 is the untouched image, so that a gain from
    rescaling is a paired difference of the same images.
    """

    name: ClassVar[str] = "resolution.scale"
    asks: ClassVar[str] = "Would the model do better on coarser or finer pixels?"
    source: ClassVar[str] = "arXiv:1711.08189"
    needs: ClassVar[Needs] = Needs(model="live", masks=True)

    factor: tuple[float, ...] = (0.4, 0.5, 0.63, 0.8, 1.0, 1.26, 1.6)

    def __post_init__(self) -> None:
        above_zero(self, "factor")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each factor, on the original grid."""
        for factor in self.factor:
            yield from case.score(case.images, self.predict(case, factor), factor=factor)

    def predict(self, case: Case, factor: float) -> Prediction:
        """Return the prediction at another scale, on the original grid."""
        if factor == 1:
            return case.clean
        size = (int(case.images.shape[-2]), int(case.images.shape[-1]))
        prediction = case.predict(resample(case.images, scaled_size(size, factor)))
        return Prediction(labels=self.on_grid(prediction, size))

    @staticmethod
    def on_grid(prediction: Prediction, size: tuple[int, int]) -> Tensor:
        """Return class numbers on another grid: the class that covers most of each pixel."""
        planes = prediction.probabilities
        if planes is None:
            planes = one_hot(prediction.labels).movedim(-1, 1).float()
        return highest(resample(planes, size))
