"""What a model draws where nothing is: as area, and as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from audit.imaging.objects import areas, components, grown, true_objects
from audit.imaging.overlay import draw
from audit.imaging.plate import box_sums
from audit.measurement import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Generator, Tensor

    from audit.measurement import Scalar
    from audit.probing.case import Case

SMALLEST_SHARE, SMALLEST_PERCENTILE = 0.25, 5
"""Specks below a quarter of the 5th percentile of the true areas are no objects."""

NO_SIZE = "no true object of the image says how large an object is"
MEGAPIXEL = 1e6


def least_area(case: Case, number: int) -> float | None:
    """Return the area in px from which a predicted region counts as an object of an image.

    None where the image has no true object to go by.
    """
    sample = case.samples[number]
    if sample.mask is None:
        return None
    mask = torch.from_numpy(sample.mask()).to(case.images.device)
    found = list(areas(true_objects(sample, mask)).values())
    return SMALLEST_SHARE * float(np.percentile(found, SMALLEST_PERCENTILE)) if found else None


def invented(
    case: Case, number: int, image: Tensor, at: Mapping[str, Scalar]
) -> Iterator[Measurement]:
    """Yield what the model sees in an image (C, Y, X) that shows no object.

    `foreground_fraction` is the share of pixels predicted as an object, `objects_per_mpx` the
    number of predicted objects in a million pixels; both weigh the image's area in megapixels.
    """
    labels = case.predict(image[None]).labels[0]
    yield share(case, number, (image, labels), at)
    yield count(labels, least_area(case, number), case.samples[number].id, at)


def share(
    case: Case, number: int, seen: tuple[Tensor, Tensor], at: Mapping[str, Scalar]
) -> Measurement:
    """Return which share of an image of nothing is foreground, with the picture of it.

    `seen` are the image (C, Y, X) and its labels (Y, X).
    """
    image, labels = seen
    nothing, shades = torch.zeros_like(labels), case.block.shades(number)
    return Measurement(
        "foreground_fraction",
        float((labels > 0).float().mean()),
        case.samples[number].id,
        at,
        labels.numel() / MEGAPIXEL,
        picture=lambda: draw(image, nothing, labels, shades),
    )


def count(
    labels: Tensor, least: float | None, sample: str, at: Mapping[str, Scalar]
) -> Measurement:
    """Return how many objects were drawn in a million pixels of nothing."""
    if least is None:
        return Measurement("objects_per_mpx", None, sample, at, 0.0, NO_SIZE)
    objects = sum(area >= least for area in areas(components(labels)).values())
    area = labels.numel() / MEGAPIXEL
    return Measurement("objects_per_mpx", objects / area, sample, at, area)


def background(case: Case, number: int, distance_px: int) -> Tensor:
    """Return the pixels (Y, X) further than a distance from any true object."""
    return ~grown(case.masks[number] > 0, distance_px)


def windows(ground: Tensor, side_px: int, wanted: int, generator: Generator) -> list[list[slice]]:
    """Return up to `wanted` random square windows on ground (Y, X) that do not overlap."""
    free, found = ground.clone(), list[list[slice]]()
    while len(found) < wanted and side_px <= min(free.shape):
        corners = torch.nonzero(box_sums(~free, side_px) == 0)
        if not len(corners):
            break
        drawn = int(torch.randint(len(corners), (), generator=generator))
        window = [slice(start, start + side_px) for start in corners[drawn].tolist()]
        free[tuple(window)] = False
        found.append(window)
    return found
