"""A network that ignores a rare class of cell, because few pixels of the loss belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from baselines.flaws.change import changed
from baselines.flaws.effect import Effect, missed
from baselines.flaws.flaw import Flaw

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.datasets.sample import Sample
    from baselines.flaws.images import FlawImages

SHARE = 0.005
"""The area that the rare cell is to have, as a share of the image; the nearest cell is chosen."""

DIMMED = 0.7
"""The share of its light above background that the middle of a rare cell loses."""

RARE = 2

CHOSEN = "chosen"
"""Suffix of the ids of those training images in which the rare class is common."""

Which = Callable[["Sample"], "NDArray[np.bool_]"]
"""Where (Y, X) the cells of the rare kind lie."""


def with_rare(material: FlawImages) -> FlawImages:
    """Return the material with one cell of a third class in each image.

    Each training image has a second version in which every other cell is of that class, as if
    images had been chosen so that the class is learnt.
    """
    few, test = (
        tuple(infected(one, rare) for one in part) for part in (material.train, material.test)
    )
    many = (infected(one, every_other) for one in material.train)
    chosen = tuple(replace(one, id=f"{one.id} {CHOSEN}") for one in many)
    return replace(material, train=(*few, *chosen), test=test)


def without_choice(material: FlawImages) -> FlawImages:
    """Return the material whose training images come as they are: the class is rare."""
    train = tuple(one for one in material.train if not one.id.endswith(CHOSEN))
    return replace(material, train=train)


def infected(sample: Sample, which: Which) -> Sample:
    """Return the sample with cells of a third class, hollow where the others are bright."""
    fields = {
        "image": partial(hollowed, sample, which),
        "mask": partial(told_apart, sample, which),
    }
    return changed(sample, f"hollow cells {which.__name__} {DIMMED}", **fields)


def rare(sample: Sample) -> NDArray[np.bool_]:
    """Return where (Y, X) the object lies whose area comes closest to SHARE."""
    assert sample.instances is not None
    objects = sample.instances()
    counts = np.bincount(objects.reshape(-1))
    away = np.where(counts > 0, np.abs(counts - SHARE * objects.size), np.inf)
    away[0] = np.inf
    return np.asarray(objects == int(away.argmin()))


def every_other(sample: Sample) -> NDArray[np.bool_]:
    """Return where (Y, X) the objects of odd number lie."""
    assert sample.instances is not None
    return np.asarray(sample.instances() % 2 == 1)


def hollowed(sample: Sample, which: Which) -> NDArray[np.float32]:
    """Return the image (C, Y, X) in which the inside of rare cells is dim, their rim as it was."""
    from scipy.ndimage import distance_transform_edt

    assert sample.instances is not None
    image, objects = sample.image(), sample.instances() * which(sample)
    hollow = np.zeros(objects.shape)
    for number in np.unique(objects)[1:]:
        depth = distance_transform_edt(objects == number)
        hollow += depth / depth.max()
    ground = np.median(image, axis=(1, 2), keepdims=True)
    return np.asarray(image - DIMMED * hollow * (image - ground), np.float32)


def told_apart(sample: Sample, which: Which) -> NDArray[np.int64]:
    """Return the mask (Y, X): 0 background, 1 common, 2 rare."""
    assert sample.mask is not None
    mask = (sample.mask() > 0).astype(np.int64)
    mask[which(sample)] = RARE
    return mask


MINORITY = Flaw(
    name="minority",
    planted="One cell in each image is of a third class, half a percent of the pixels, and plain "
    "cross-entropy ignores it; the twin also learnt from images chosen to hold many of that class.",
    caught_by=("neglected class",),
    stage=with_rare,
    data=without_choice,
    effect=Effect(what="the area of the rare class that is missed", of=missed(RARE), least=0.1),
)
