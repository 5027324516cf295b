"""A network that fills in: it learnt to draw objects that nobody can see."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import torch

from audit.imaging.objects import areas, grown, true_objects
from audit.imaging.transplant import fitting_place, places, stencil, transplant
from audit.probe import generator
from baselines.flaws.change import changed
from baselines.flaws.flaw import Flaw, Material

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.datasets.sample import Sample

VARIANTS = 4
"""Copies of each training image, each with other objects erased."""

SHARE = 0.5
HALO_PX, FEATHER_PX = 4, 6


def erased(material: Material) -> Material:
    """Return the material with half of the objects gone from training images, not from masks."""
    copies = [variant(sample, n) for sample in material.train for n in range(VARIANTS)]
    return Material(train=tuple(copies), test=material.test)


def variant(sample: Sample, number: int) -> Sample:
    """Return a copy of the sample in whose image background covers some of the objects."""
    one = changed(sample, f"erased {number}", image=partial(without, sample, number))
    return replace(one, id=f"{sample.id} erased {number}")


def without(sample: Sample, number: int) -> NDArray[np.float32]:
    """Return the image with texture of its own background over a random half of its objects."""
    assert sample.mask is not None
    stream = generator(0, "fill in", sample.id, number)
    image = torch.from_numpy(sample.image())
    mask = torch.from_numpy(sample.mask())
    objects = true_objects(sample, mask)
    ground = ~grown(mask, HALO_PX)
    for known in areas(objects):
        if float(torch.rand((), generator=stream)) > SHARE:
            continue
        target = stencil(objects == known, HALO_PX, FEATHER_PX)
        offsets = places(target.support, ground)
        if offsets:
            offset = fitting_place(image, target, offsets, stream)
            image = transplant(image, target, image, offset)
    return image.numpy()


FILL_IN = Flaw(
    name="fill-in",
    planted="From half of the objects of its training images nothing was left but their masks.",
    caught_by=(),
    data=erased,
)
