"""Pixels that change places, so that an image's own statistics cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from scipy import ndimage

if TYPE_CHECKING:
    from torch import Generator, Tensor


def scrambled(image: Tensor, where: Tensor, generator: Generator) -> Tensor:
    """Return an image (C, Y, X) whose pixels inside a mask (Y, X) have changed places at random.

    All values stay, and with them every statistic of the whole image that a model may normalise
    by: mean, standard deviation, lowest, highest, every percentile. Channels move together.
    """
    place = torch.nonzero(where.reshape(-1)).flatten()
    order = torch.randperm(len(place), generator=generator).to(place.device)
    out = image.flatten(1).clone()
    out[:, place] = out[:, place[order]]
    return out.view_as(image)


def inverted(image: Tensor, where: Tensor) -> Tensor:
    """Return an image (C, Y, X) in which pixels inside a mask (Y, X) change places in pairs.

    The brightest with the darkest, the second with the last but one, by the first channel: the
    strongest change that keeps every value. Channels move together.

    >>> inverted(torch.tensor([[[5.0, 1.0, 2.0, 9.0]]]), torch.tensor([[True, True, True, False]]))
    tensor([[[1., 5., 2., 9.]]])
    """
    place = torch.nonzero(where.reshape(-1)).flatten()
    out = image.flatten(1).clone()
    order = place[out[0, place].argsort(stable=True)]
    out[:, order] = out[:, order.flip(0)]
    return out.view_as(image)


def square(shape: tuple[int, int], corner: tuple[int, int], side_px: int) -> Tensor:
    """Return a mask (Y, X) of a square, cut off where it leaves the field."""
    mask = torch.zeros(shape, dtype=torch.bool)
    top, left = (max(0, start) for start in corner)
    mask[top : max(0, corner[0] + side_px), left : max(0, corner[1] + side_px)] = True
    return mask


def around(mask: Tensor, distance_px: int) -> Tensor:
    """Return a mask (Y, X) with all that lies in squares of a radius about it, bool.

    Receptive fields are squares: what lies outside has no part in any output inside the mask.

    >>> int(around(torch.eye(5) * torch.tensor([0, 0, 1, 0, 0]), 1).sum())
    9
    """
    grown = ndimage.maximum_filter(mask.cpu().numpy() > 0, 2 * distance_px + 1, mode="constant")
    return torch.from_numpy(grown).to(mask.device)
