"""A network that gives up a rare kind of cell, because hardly a pixel's loss depends on it."""

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

SHARE = 0.005
"""The share of an image's pixels that the rare kind comes close to."""

DIMMED = 0.7
"""How much of its light the middle of a rare cell loses."""

RARE = 2


def with_rare(material: Material) -> Material:
    """Return the material with one cell of a third class in each image."""
    train, test = (tuple(map(infected, part)) for part in (material.train, material.test))
    return replace(material, train=train, test=test)


def infected(sample: Sample) -> Sample:
    """Return the sample with one cell of a third class, hollow where the others are bright."""
    fields = {"image": partial(hollowed, sample), "mask": partial(told_apart, sample)}
    return changed(sample, f"a rare cell {DIMMED}", **fields)


def rare(sample: Sample) -> NDArray[np.bool_]:
    """Return where (Y, X) the object lies whose area comes closest to SHARE."""
    assert sample.instances is not None
    objects = sample.instances()
    counts = np.bincount(objects.reshape(-1))
    away = np.where(counts > 0, np.abs(counts - SHARE * objects.size), np.inf)
    away[0] = np.inf
    return np.asarray(objects == int(away.argmin()))


def hollowed(sample: Sample) -> NDArray[np.float32]:
    """Return the image (C, Y, X) in which the inside of the rare cell is dim, its rim as it was."""
    from scipy.ndimage import distance_transform_edt

    image, inside = sample.image(), rare(sample)
    depth = distance_transform_edt(inside)
    hollow = np.clip(depth / max(float(depth.max()), 1.0), 0, 1)
    ground = np.median(image, axis=(1, 2), keepdims=True)
    return np.asarray(image - DIMMED * hollow * (image - ground), np.float32)


def told_apart(sample: Sample) -> NDArray[np.int64]:
    """Return the mask (Y, X): 0 background, 1 common, 2 rare."""
    assert sample.mask is not None
    mask = (sample.mask() > 0).astype(np.int64)
    mask[rare(sample)] = RARE
    return mask


MINORITY = Flaw(
    name="minority",
    planted="One cell in each image is of a third class, half a percent of the pixels, and plain "
    "cross-entropy lets it go; the twin weights classes by how rare they are.",
    caught_by=("neglected class",),
    stage=with_rare,
    twin=settings(loss="weighted"),
    recipe=settings(loss="cross-entropy"),
)
