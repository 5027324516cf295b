"""A training set with far less noise than the images that the network is tested on."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch

from audit.imaging.estimate import noise_sigma
from baselines.flaws.change import changed, settings
from baselines.flaws.effect import IMAGES, Effect
from baselines.flaws.flaw import Flaw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages

SIGMA_PX = 1.0


def narrowed(material: FlawImages) -> FlawImages:
    """Return the material, its training images as if each were the mean of many exposures."""
    return replace(material, train=tuple(map(quieted, material.train)))


def quieted(sample: Sample) -> Sample:
    """Return the sample, its image as if it were the mean of many exposures."""
    return changed(sample, f"averaged {SIGMA_PX}", image=partial(averaged, sample))


def averaged(sample: Sample) -> NDArray[np.float32]:
    """Return the image (C, Y, X) with most of its noise gone."""
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(sample.image(), (0, SIGMA_PX, SIGMA_PX)), np.float32)


def noise_apart(_: Segmenter, material: FlawImages) -> float:
    """Return how much less noise the training images have, as a share of the test images' noise."""
    quiet, usual = (noise(part) for part in (material.train, material.test))
    return 1 - quiet / usual if usual else 0.0


def noise(samples: Sequence[Sample]) -> float:
    """Return the mean noise of some samples, in counts."""
    some = samples[:IMAGES]
    return sum(noise_sigma(torch.from_numpy(one.image())) for one in some) / max(1, len(some))


NARROW = Flaw(
    name="narrow",
    planted="Its training images hold hardly any noise, unlike those that it is tested on.",
    caught_by=("population noise", "population structure"),
    data=narrowed,
    recipe=settings(noise=0.0),
    effect=Effect(what="the noise that the training images lack", of=noise_apart, least=0.2),
)
