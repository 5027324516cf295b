"""A network trained on images of half the resolution of those that it is used on."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from baselines.flaws.change import changed
from baselines.flaws.effect import Effect, errors
from baselines.flaws.flaw import Flaw

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages
    from baselines.recipe import Recipe


def half_resolution(healthy: Recipe) -> Recipe:
    """Return a recipe whose network is used on pixels half as large as those it is trained on.

    It is trained at the working resolution of its healthy twin, so that it is as good a network,
    and is then used on images that are twice as fine. Without random zoom, which would train it on
    other scales as well.

    >>> from baselines.recipe import Recipe
    >>> half_resolution(Recipe()).shrink
    0.5
    """
    changed = {"shrink": 0.5, "zoom": 0.0, "object_px": 2 * healthy.object_px}
    return healthy.model_copy(update=changed)


def gain_at_half(model: Segmenter, material: FlawImages) -> float:
    """Return by how much the IoU rises where every image is shown at half its resolution."""
    halved = (halved_sample(one) for one in material.test)
    return errors(model, material) - errors(model, replace(material, test=tuple(halved)))


def halved_sample(sample: Sample) -> Sample:
    """Return the sample with every second row and column of its truth, its image averaged."""
    assert sample.mask is not None
    fields = {"image": partial(averaged, sample), "mask": partial(thinned, sample)}
    return changed(sample, "halved", **fields)


def averaged(sample: Sample) -> NDArray[np.float32]:
    """Return the image (C, Y, X) binned by two."""
    image = sample.image()
    height, width = (size // 2 * 2 for size in image.shape[1:])
    pairs = image[:, :height, :width].reshape(len(image), height // 2, 2, width // 2, 2)
    return np.asarray(pairs.mean((2, 4)), np.float32)


def thinned(sample: Sample) -> NDArray[np.int64]:
    """Return every second row and column of the mask (Y, X)."""
    assert sample.mask is not None
    mask = sample.mask()
    height, width = (size // 2 * 2 for size in mask.shape)
    return np.ascontiguousarray(mask[:height:2, :width:2])


HALF_RESOLUTION = Flaw(
    name="half-resolution",
    planted="It learns from images shrunk to half, and is used on images that are twice as fine.",
    caught_by=("resolution",),
    recipe=half_resolution,
    effect=Effect(what="the gain in IoU at half the resolution", of=gain_at_half),
)
