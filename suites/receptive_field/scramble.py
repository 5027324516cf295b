"""Pixels that change places, so that an image's own statistics cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

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


def square(shape: tuple[int, int], corner: tuple[int, int], side_px: int) -> Tensor:
    """Return a mask (Y, X) of a square, cut off where it leaves the field."""
    mask = torch.zeros(shape, dtype=torch.bool)
    top, left = (max(0, start) for start in corner)
    mask[top : max(0, corner[0] + side_px), left : max(0, corner[1] + side_px)] = True
    return mask
