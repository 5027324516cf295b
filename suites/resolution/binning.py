"""Pixels that a camera has summed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.camera import binned
from audit.probing.probe import Needs, Probe, above_zero
from suites.resolution.regrid import on_grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.models.segmenter import Prediction
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Binning(Probe):
    """Overlap when squares of 2 x 2 or 4 x 4 pixels are summed: coarser, and brighter.

    The prediction is brought back to the original grid. Nothing saturates: sums are kept whole.
    """

    name: ClassVar[str] = "resolution.binning"
    asks: ClassVar[str] = "May the camera bin its pixels?"
    source: ClassVar[str] = "doi:10.1083/jcb.200903097"
    needs: ClassVar[Needs] = Needs(masks=True)

    side_px: tuple[int, ...] = (2, 4)

    def __post_init__(self) -> None:
        above_zero(self, "side_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each binning, on the original grid."""
        for side in self.side_px:
            yield from case.score(case.images, self.found(case, side), side_px=side)

    @staticmethod
    def found(case: Case, side: int) -> Prediction:
        """Return what is predicted for binned images, on the original grid."""
        summed = binned(case.images, side)
        height, width = case.images.shape[-2:]
        whole = (summed.shape[-2] * side, summed.shape[-1] * side)
        found = on_grid(case.predict(summed), whole)
        return found.mapped(lambda plane: plane[..., :height, :width])
