"""Out of focus: a wider point-spread function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.blur import gaussian_blur
from audit.probe import Case, Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement


@dataclass(frozen=True, kw_only=True)
class Defocus(Probe):
    """Overlap as a Gaussian point-spread function widens, its width given in micrometres."""

    name: ClassVar[str] = "shift.defocus"
    asks: ClassVar[str] = "How far out of focus may an image be?"
    source: ClassVar[str] = "doi:10.1186/s12859-024-05894-4"
    needs: ClassVar[Needs] = Needs(masks=True, pixel_um=True)

    sigma_um: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)

    def __post_init__(self) -> None:
        above_zero(self, "sigma_um")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each width."""
        for sigma in self.sigma_um:
            yield from case.score(gaussian_blur(case.images, sigma / case.pixel_um), sigma_um=sigma)
