"""Out of focus: a wider point-spread function, or a disc."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.blur import gaussian_blur
from audit.imaging.psf import disc_blur
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Defocus(Probe):
    """Overlap as the point-spread function widens, its width given in micrometres.

    A Gaussian stands for little defocus, a disc, the shadow of the aperture, for much: a disc is
    as wide as a Gaussian of half its radius. 0.25 µm is within an objective's own blur; after 2 µm
    (a disc of 4 µm) cells are still seen under a 60x objective, after twice that they are not.
    """

    name: ClassVar[str] = "shift.defocus"
    asks: ClassVar[str] = "How far out of focus may an image be?"
    source: ClassVar[str] = "doi:10.1186/s12859-024-05894-4"
    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(masks=True, pixel_um=True)

    sigma_um: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0)
    disc_radius_um: tuple[float, ...] = (2.0, 4.0)

    def __post_init__(self) -> None:
        above_zero(self, "sigma_um", "disc_radius_um")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each width of either shape."""
        for sigma in self.sigma_um:
            yield from case.score(gaussian_blur(case.images, sigma / case.pixel_um), sigma_um=sigma)
        for radius in self.disc_radius_um:
            blurred = disc_blur(case.images, radius / case.pixel_um)
            yield from case.score(blurred, disc_radius_um=radius)
