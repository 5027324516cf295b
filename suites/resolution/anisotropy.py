"""Pixels that are no squares: one axis coarser or finer than the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probe import Case, Needs, Probe, above_zero
from suites.resolution.regrid import predicted_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from suites.resolution.regrid import Size

AXES = ("y", "x")


@dataclass(frozen=True, kw_only=True)
class Anisotropy(Probe):
    """Overlap when one axis of the image is resampled by a factor and the prediction brought back.

    Factors below 1 make coarser pixels. A model that gains was trained on pixels of another shape.
    The factor 1 is the untouched image; 0.7 and 1.4 lie as far beside it, and leave every cell.
    """

    name: ClassVar[str] = "resolution.anisotropy"
    asks: ClassVar[str] = "Would the model do better on pixels of another shape?"
    source: ClassVar[str] = "arXiv:1704.01510"
    needs: ClassVar[Needs] = Needs(masks=True)

    factor: tuple[float, ...] = (0.7, 1.0, 1.4)

    def __post_init__(self) -> None:
        above_zero(self, "factor")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each factor of each axis, on the original grid."""
        for axis in AXES:
            for factor in self.factor:
                found = predicted_at(case, self.size(case, axis, factor))
                yield from case.score(case.images, found, axis=axis, factor=factor)

    @staticmethod
    def size(case: Case, axis: str, factor: float) -> Size:
        """Return rows and columns with one of them multiplied by a factor, one at least."""
        height, width = (int(length) for length in case.images.shape[-2:])
        if axis == "y":
            return max(1, round(height * factor)), width
        return height, max(1, round(width * factor))
