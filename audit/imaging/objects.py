"""Objects in masks: their numbers, sizes and surroundings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy import ndimage

if TYPE_CHECKING:
    from torch import Tensor

    from audit.datasets.sample import Sample

EIGHT = np.ones((3, 3), int)
"""Pixels that touch at a corner belong together."""


def components(mask: Tensor) -> Tensor:
    """Return object numbers (Y, X) from 1 of the connected areas of a mask (Y, X), int64.

    >>> components(torch.tensor([[1, 0, 1], [1, 0, 0]])).tolist()
    [[1, 0, 2], [1, 0, 0]]
    """
    numbers, _ = ndimage.label(mask.cpu().numpy() > 0, EIGHT)
    return torch.from_numpy(numbers.astype(np.int64)).to(mask.device)


def true_objects(sample: Sample, mask: Tensor) -> Tensor:
    """Return the numbers (Y, X) of a sample's objects: its own, else of the connected areas.

    `mask` (Y, X) holds the sample's classes. An object that an ignored region cuts counts with
    what is left of it.
    """
    if sample.instances is None:
        return components(mask)
    return torch.from_numpy(sample.instances()).long().to(mask.device)


def areas(objects: Tensor) -> dict[int, int]:
    """Return the area in px of each object by its number.

    >>> areas(torch.tensor([[0, 7, 7], [2, 0, 0]]))
    {2: 1, 7: 2}
    """
    counts = torch.bincount(objects.reshape(-1)).tolist()
    return {number: area for number, area in enumerate(counts) if number and area}


def diameter(area: float) -> float:
    """Return the diameter of a disc of an area.

    >>> round(diameter(math.pi), 6)
    2.0
    """
    return 2 * math.sqrt(area / math.pi)


def inscribed_diameter(mask: Tensor) -> float:
    """Return the diameter in px of the largest disc inside a mask (Y, X), 0 where it is empty."""
    padded = np.pad(mask.cpu().numpy() > 0, 1)
    return 2 * float(ndimage.distance_transform_edt(padded).max())


def grown(mask: Tensor, distance_px: int) -> Tensor:
    """Return a mask (Y, X) with all that lies within a distance of it, bool."""
    if distance_px <= 0 or not bool(mask.any()):
        return mask > 0
    away = ndimage.distance_transform_edt(mask.cpu().numpy() == 0)
    return torch.from_numpy(away <= distance_px).to(mask.device)
