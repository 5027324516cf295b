"""A training set from one quiet corner of what the microscope will deliver."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from baselines.flaws.change import changed, settings
from baselines.flaws.flaw import Flaw, Material

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.datasets.sample import Sample

SIGMA_PX = 1.0


def narrowed(material: Material) -> Material:
    """Return the material, its training images as if each were the mean of many exposures."""
    quiet = [
        changed(sample, f"averaged {SIGMA_PX}", image=partial(averaged, sample))
        for sample in material.train
    ]
    return replace(material, train=tuple(quiet))


def averaged(sample: Sample) -> NDArray[np.float32]:
    """Return the image (C, Y, X) with most of its noise gone."""
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(sample.image(), (0, SIGMA_PX, SIGMA_PX)), np.float32)


NARROW = Flaw(
    name="narrow",
    planted="Its training images hold hardly any noise, unlike those that it is tested on.",
    caught_by=("population noise", "population structure"),
    data=narrowed,
    recipe=settings(noise=0.0),
)
