"""Whether training and test images come from one population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from audit.imaging.estimate import (
    background,
    noise_sigma,
    saturated_fraction,
    snr_db,
    spectrum_slope,
)
from audit.imaging.objects import areas, diameter
from audit.probing.probe import Needs, Probe
from audit.tasks.semantic import ABSENT, PARTIAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

CONSTANT = "the image holds no signal, or no noise"
UNKNOWN = "the image has no mask"
PIXELS_PER_MPX = 1e6


@dataclass(frozen=True, kw_only=True)
class Population(Probe):
    """What a microscopist would compare between two sets: noise, light, structure and objects.

    Seven features of each image of both parts; whether they differ is for the policy to test, with
    groups and not frames exchanged. Noise and background are in the image's own intensities.
    """

    name: ClassVar[str] = "shift.population"
    asks: ClassVar[str] = "Do training and test images come from one population?"
    source: ClassVar[str] = "arXiv:1810.11953"
    needs: ClassVar[Needs] = Needs(model="none", parts=("test", "train"))

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the features of each image, with the part that it belongs to."""
        for look in case.looks():
            here = look.at(part=look.sample.part)
            for name, value in of_image(look.image).items():
                yield here.row(name, value, why=CONSTANT)
            for name, (value, why) in of_objects(look).items():
                yield here.row(name, value, why=why)


def of_image(image: Tensor) -> Mapping[str, float | None]:
    """Return the features that an image (C, Y, X) has without its truth."""
    return {
        "noise_counts": noise_sigma(image),
        "snr_db": snr_db(image),
        "spectrum_slope": spectrum_slope(image),
        "background_counts": background(image),
        "saturated_fraction": saturated_fraction(image),
    }


def of_objects(look: Look) -> Mapping[str, tuple[float | None, str]]:
    """Return size and density of an image's true objects, each with the reason if there is none."""
    if look.sample.mask is None:
        return dict.fromkeys(("object_diameter_px", "objects_per_mpx"), (None, UNKNOWN))
    sizes = [diameter(area) for area in areas(look.objects).values()]
    area = int(look.known.sum())
    density = len(sizes) * PIXELS_PER_MPX / area if look.sample.complete and area else None
    return {
        "object_diameter_px": (float(np.median(sizes)) if sizes else None, ABSENT),
        "objects_per_mpx": (density, PARTIAL),
    }
