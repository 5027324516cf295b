"""Images in which cells show only a rim: telling inside from outside takes a wide view."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from baselines.flaws.change import changed, dice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.datasets.sample import Sample
    from baselines.flaws.images import FlawImages

GROUND_PHOTONS, RIM_PHOTONS = 40.0, 120.0
RIM_PX, BLUR_PX = 1, 0.8
GAIN, PEDESTAL, READ_NOISE = 2.0, 100.0, 6.0
"""The camera of the simulated cells."""


def outlined(material: FlawImages) -> FlawImages:
    """Return the material with every image drawn anew from its objects' rims.

    Inside and outside have the same brightness and noise, so that no small window tells them apart.
    """
    train, test = (tuple(map(rimmed, part)) for part in (material.train, material.test))
    return replace(material, train=train, test=test)


def rimmed(sample: Sample) -> Sample:
    """Return the sample with an image of its objects' rims."""
    return changed(sample, "rims alone", image=partial(rims, sample))


def rims(sample: Sample) -> NDArray[np.float32]:
    """Return camera counts (C, Y, X): level ground, a bright rim in each object, noise."""
    from scipy.ndimage import gaussian_filter

    assert sample.instances is not None
    light = np.where(rim(sample.instances()), GROUND_PHOTONS + RIM_PHOTONS, GROUND_PHOTONS)
    light = gaussian_filter(light, BLUR_PX, mode="reflect")
    stream = dice(sample)
    counts = GAIN * stream.poisson(light, sample.shape) + PEDESTAL
    return np.asarray(counts + stream.normal(0, READ_NOISE, sample.shape), np.float32)


def rim(objects: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return the pixels of objects (Y, X) that lie beside a pixel of anything else.

    >>> rim(np.array([[0, 1, 1, 1, 1, 1, 2, 2]], np.int32)).astype(int)
    array([[0, 1, 0, 0, 0, 1, 1, 0]])
    """
    from scipy.ndimage import maximum_filter, minimum_filter

    side = 2 * RIM_PX + 1
    differs = maximum_filter(objects, side, mode="nearest") != minimum_filter(
        objects, side, mode="nearest"
    )
    return np.asarray(differs & (objects > 0))
