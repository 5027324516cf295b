"""How noisy, blurred and unevenly lit the audited images themselves are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.estimate import (
    blur_sigma_px,
    contrast_fraction,
    light,
    noise_sigma,
    photons,
    saturated_fraction,
    snr_db,
)
from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case

CONSTANT = "the image is constant, or holds no noise"
NO_PIXEL = "the size of a pixel is not known"


@dataclass(frozen=True, kw_only=True)
class Position(Probe):
    """Estimated noise, photons, blur, contrast, unevenness and saturation of each image.

    Named as the axes of the other probes name them, so that a breaking point can be held against
    the data: `snr_db` and `photons` of shift.noise, `sigma_um` of shift.defocus, the percent of
    shift.illumination and shift.saturation. Estimates, not truths: structure counts as noise, soft
    edges as blur, and crowded fields as uneven light.
    """

    name: ClassVar[str] = "shift.position"
    asks: ClassVar[str] = "Where do these images lie on the axes of noise, blur and light?"
    source: ClassVar[str] = "doi:10.1006/cviu.1996.0060"
    needs: ClassVar[Needs] = Needs(model="none")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the estimates for each image."""
        for look in case.looks():
            found, pixel_um = estimates(look.image), look.sample.pixel_um
            for name, value in found.items():
                yield look.row(name, value, why=CONSTANT)
            if pixel_um is None:
                yield look.undefined("sigma_um", NO_PIXEL)
            else:
                width = found["sigma_px"]
                micrometres = None if width is None else width * pixel_um
                yield look.row("sigma_um", micrometres, why=CONSTANT)


def estimates(image: Tensor) -> Mapping[str, float | None]:
    """Return what is estimated of an image (C, Y, X) without knowing its pixel size."""
    uneven = light(image)
    return {
        "noise_counts": noise_sigma(image),
        "snr_db": snr_db(image),
        "photons": photons(image),
        "sigma_px": blur_sigma_px(image),
        "contrast_fraction": contrast_fraction(image),
        "tilt_percent": uneven.tilt_percent if uneven else None,
        "vignette_percent": uneven.vignette_percent if uneven else None,
        "saturated_percent": 100 * saturated_fraction(image),
    }
