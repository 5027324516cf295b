"""Fewer photons: shot noise and read noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.noise import poisson_gaussian, signal_to_noise_db
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Noise(Probe):
    """Overlap as bright pixels collect fewer photons; read noise in electrons.

    The signal-to-noise ratio in dB is measured, since noise already in the image is kept. 1000
    photons look like the original; at 30 cells of low contrast are just seen, at 10 they are gone.
    """

    name: ClassVar[str] = "shift.noise"
    asks: ClassVar[str] = "How few photons may an image be made of?"
    source: ClassVar[str] = "doi:10.1109/TIP.2008.2001399"
    needs: ClassVar[Needs] = Needs(masks=True)

    photons: tuple[float, ...] = (1000.0, 300.0, 100.0, 30.0)
    read_electrons: float = 1.5

    def __post_init__(self) -> None:
        above_zero(self, "photons")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores and the signal-to-noise ratio of each image at each light level."""
        for photons in self.photons:
            streams = case.generators(photons=photons)
            noisy = poisson_gaussian(case.images, photons, self.read_electrons, streams)
            yield from case.score(noisy, photons=photons)
            for look, image in zip(case.looks(photons=photons), noisy, strict=True):
                yield look.row("snr_db", signal_to_noise_db(look.image, image))
