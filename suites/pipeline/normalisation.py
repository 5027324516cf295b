"""A broken pixel of the camera: does it change how the model normalises the whole image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.pixel import BROKEN, with_broken_pixel
from audit.probing.probe import Needs, Probe, among

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Normalisation(Probe):
    """Overlap when a single pixel of the camera is broken.

    A hot `pixel` is at the camera's full scale, a dead one at its zero: one of either, at a place
    drawn by chance, stretches a normalisation by the extremes. Units, zero and inversion of the
    intensities are those of shift.intensity.
    """

    name: ClassVar[str] = "pipeline.normalisation"
    asks: ClassVar[str] = "Does one broken pixel of the camera change the result?"
    source: ClassVar[str] = "doi:10.1038/s41592-020-01008-z"
    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(model="live", masks=True)

    pixel: tuple[str, ...] = tuple(BROKEN)

    def __post_init__(self) -> None:
        among(self, BROKEN, "pixel")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image with each kind of broken pixel."""
        for kind in self.pixel:
            # Hot and dead strike the same pixel, so that only the kind tells them apart.
            struck = with_broken_pixel(
                case.images, kind, case.model.traits.range, case.generators()
            )
            yield from case.score(struck, pixel=kind)
