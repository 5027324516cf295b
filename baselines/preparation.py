"""The input of training: the model card, and images and masks at the working scale."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from audit.errors import DataError
from audit.imaging.resample import resample, scaled_size
from audit.meaning import IGNORE
from audit.models.card import Card
from audit.models.torch_module import normalise
from baselines import objects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.datasets.sample import Sample
    from baselines.network import Network
    from baselines.recipe import Recipe

DEPTHS = (8, 12, 16)
"""Bits a pixel of common cameras."""


def describe(learn: Sequence[Sample], recipe: Recipe) -> Card:
    """Return the card of a network that is to learn from these samples, still without weights."""
    classes = 1 + max(int(s.mask().max()) for s in learn if s.mask is not None)
    if classes == 1:
        raise DataError("the training masks hold background only")
    scale = working_scale(learn, recipe)
    outputs, declared = classes, {"classes": classes}
    if recipe.boundary_px or recipe.depth_px:
        outputs, declared = objects.declared(learn, recipe, scale)
    channels = learn[0].shape[0]
    settings = {
        "channels": channels,
        "classes": outputs,
        "widths": list(recipe.widths),
        "rescale": scale,
    }
    if recipe.dropout:
        # Left out where it is 0, so that a builder need not take this argument.
        settings["dropout"] = recipe.dropout
    return Card(
        network=recipe.network,
        settings=settings,
        normalisation=recipe.normalisation,
        range=camera_range(learn) if recipe.normalisation == "range" else None,
        statistics=moments(learn) if recipe.normalisation in {"dataset", "batch"} else None,
        channels=channels,
        pixel_um=learn[0].pixel_um,
        **declared,
    )


def camera_range(samples: Sequence[Sample]) -> tuple[float, float]:
    """Return 0 and the full scale of the smallest camera bit depth that holds the images."""
    highest = max(float(sample.image().max()) for sample in samples)
    depth = next((bits for bits in DEPTHS if highest < 2**bits), DEPTHS[-1])
    return 0.0, 2.0**depth - 1


def moments(samples: Sequence[Sample]) -> tuple[float, float]:
    """Return the mean and the standard deviation of all pixels of all images."""
    counts, totals, squares = 0, 0.0, 0.0
    for sample in samples:
        image = torch.from_numpy(sample.image()).double()
        counts += image.numel()
        totals += float(image.sum())
        squares += float(image.square().sum())
    mean = totals / counts
    return mean, math.sqrt(max(0.0, squares / counts - mean**2))


def working_scale(samples: Sequence[Sample], recipe: Recipe) -> float:
    """Return the factor from the images' grid to the recipe's, at most 1."""
    if recipe.pixel_um is not None:
        if samples[0].pixel_um is None:
            raise DataError("the recipe works at a pixel size, but the images state none")
        return min(1.0, samples[0].pixel_um / recipe.pixel_um)
    diameter = median_diameter(samples)
    return min(1.0, recipe.object_px / diameter) if diameter else 1.0


def median_diameter(samples: Sequence[Sample]) -> float | None:
    """Return the median diameter in px of the objects, taken as discs of their areas.

    Where objects are not numbered, touching ones count as one.
    """
    areas = objects.areas_px(samples)
    return 2 * math.sqrt(statistics.median(areas) / math.pi) if areas else None


def prepare(
    samples: Sequence[Sample], recipe: Recipe, card: Card, network: Network
) -> tuple[list[Tensor], list[Tensor]]:
    """Return what the U-Net is given, (C, Y, X), and masks (Y, X) at the working scale.

    Where each batch is to be normalised, which the loop does, images are first normalised by the
    statistics of all training images.
    """
    if card.normalisation == "batch":
        card = card.model_copy(update={"normalisation": "dataset"})
    images, masks = list[Tensor](), list[Tensor]()
    for sample in samples:
        image = normalise(torch.from_numpy(sample.image())[None], card)
        shape = (int(image.shape[-2]), int(image.shape[-1]))
        size = scaled_size(shape, network.rescale * recipe.shrink)
        images.append(network.inputs(resample(image, size))[0])
        masks.append(truth(sample, size, recipe, card))
    return images, masks


def truth(sample: Sample, size: tuple[int, int], recipe: Recipe, card: Card) -> Tensor:
    """Return what is to be learnt of a sample, (Y, X) at a working size."""
    assert sample.mask is not None
    if recipe.boundary_px:
        return objects.body_and_boundary(sample, size, recipe.boundary_px)
    if recipe.depth_px:
        return objects.whole_depths(sample, size, recipe.depth_px)
    return coarser(torch.from_numpy(sample.mask()), card.classes, size)


def coarser(mask: Tensor, classes: int, size: tuple[int, int]) -> Tensor:
    """Return a mask (Y, X) at another size: each pixel gets the class that covers most of it.

    What nobody judged counts as a class, and stays what nobody judged.
    """
    ignored = bool((mask == IGNORE).any())
    numbers = mask.where(mask != IGNORE, classes)
    planes = torch.nn.functional.one_hot(numbers, classes + ignored).permute(2, 0, 1)[None].float()
    found = resample(planes, size)[0].argmax(0)
    return found.where(found < classes, IGNORE)
