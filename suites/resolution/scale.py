"""The hidden resolution: was the model trained on coarser or finer pixels than these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.resample import scaled_size
from audit.probing.probe import Needs, Probe, above_zero
from suites.resolution.regrid import predicted_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


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
            height, width = (int(length) for length in case.images.shape[-2:])
            found = predicted_at(case, scaled_size((height, width), factor))
            yield from case.score(case.images, found, factor=factor)
