"""What a model draws where nothing is: as area, and as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from audit.imaging.objects import areas, components, grown
from audit.imaging.plate import box_sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.probing.look import Look

SMALLEST_SHARE, SMALLEST_PERCENTILE = 0.25, 5
"""Specks below a quarter of the 5th percentile of the true areas are no objects."""

NO_SIZE = "no true object of the image says how large an object is"
MEGAPIXEL = 1e6


def least_area(look: Look) -> float | None:
    """Return the area in px from which a predicted region counts as an object of an image.

    None where the image has no true object to go by.
    """
    found = list(areas(look.objects).values()) if look.sample.mask is not None else []
    return SMALLEST_SHARE * float(np.percentile(found, SMALLEST_PERCENTILE)) if found else None


def invented(look: Look, image: Tensor) -> Iterator[Measurement]:
    """Yield what the model sees in an image (C, Y, X) that shows no object.

    `foreground_fraction` is the share of pixels predicted as an object, `objects_per_mpx` the
    number of predicted objects in a million pixels; both weigh the image's area in megapixels.
    """
    labels = look.labels_of(image)
    yield share(look, image, labels)
    yield count(look, labels)


def share(look: Look, image: Tensor, labels: Tensor) -> Measurement:
    """Return which share of an image (C, Y, X) of nothing is foreground, with its picture."""
    value, area = float((labels > 0).float().mean()), labels.numel() / MEGAPIXEL
    row = look.row("foreground_fraction", value, weight=area)
    return look.drawn(row, image, torch.zeros_like(labels), labels)


def count(look: Look, labels: Tensor) -> Measurement:
    """Return how many objects were drawn in a million pixels of nothing."""
    least = least_area(look)
    if least is None:
        return look.undefined("objects_per_mpx", NO_SIZE)
    objects = sum(area >= least for area in areas(components(labels)).values())
    area = labels.numel() / MEGAPIXEL
    return look.row("objects_per_mpx", objects / area, weight=area)


def background(look: Look, distance_px: int) -> Tensor:
    """Return the pixels (Y, X) further than a distance from any true object, and surely judged."""
    return ~grown(look.mask != 0, distance_px)


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
