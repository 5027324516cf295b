"""Short codes of an image, by which those few are found that are worth a closer look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import avg_pool2d, max_pool2d, normalize, pad

from audit.imaging.blur import gaussian_blur
from audit.imaging.registration import TURNS, turned

if TYPE_CHECKING:
    from torch import Tensor

POOL_PX = 4
"""Pixels of structure that one number of a field's code stands for."""

PATCH_PX, SAMPLE_PX = 27, 3
"""The side of a landmark's patch, odd so that it turns about its middle, and the pixels that one
number of its code stands for."""

APART_PX = 4
"""A landmark is the strongest within this distance."""

SMOOTH_PX = 1.0
"""A Gaussian that keeps landmarks where they are when the grid moves by part of a pixel."""


def field_code(structure: Tensor, side: int) -> Tensor:
    """Return the coarse structure of a whole field, centred on a square of `side` pixels, flat.

    `structure` is (Y, X), no side longer than `side`, which is a multiple of POOL_PX.
    """
    height, width = structure.shape
    top, left = (side - height) // 2, (side - width) // 2
    square = pad(structure, (left, side - width - left, top, side - height - top))
    return avg_pool2d(square[None], POOL_PX).flatten()


def turned_codes(codes: Tensor) -> Tensor:
    """Return codes of fields (N, D) as they are after each turn of the field (8, N, D)."""
    side = round(codes.shape[1] ** 0.5)
    squares = codes.view(-1, side, side)
    return torch.stack([turned(squares, turn).flatten(1) for turn in range(TURNS)])


def landmark_codes(structure: Tensor, count: int) -> Tensor:
    """Return codes (count, D) of the patches about the strongest extrema of a structure (Y, X).

    They are the same for a turned image, and those of a crop are among those of the whole. Of unit
    length; zero where there are fewer extrema.
    """
    smooth = gaussian_blur(structure[None, None], SMOOTH_PX)
    strength = smooth.abs()
    peaks = strength * (max_pool2d(strength, 2 * APART_PX + 1, 1, APART_PX) == strength)
    codes = structure.new_zeros(count, (PATCH_PX // SAMPLE_PX) ** 2)
    if min(structure.shape) < PATCH_PX:
        return codes
    half = PATCH_PX // 2
    inner = peaks[0, 0, half:-half, half:-half]
    found = inner.flatten().topk(min(count, inner.numel()))
    places = found.indices[found.values > 0]
    if len(places):
        windows = smooth[0, 0].unfold(0, PATCH_PX, 1).unfold(1, PATCH_PX, 1)
        patches = windows[places // inner.shape[1], places % inner.shape[1]]
        small = upright(avg_pool2d(patches[:, None], SAMPLE_PX)[:, 0])
        codes[: len(places)] = normalize(small.flatten(1))
    return codes


def upright(patches: Tensor) -> Tensor:
    """Return square patches (N, P, P) flipped and turned so that their energy lies one way.

    The centre of energy comes to lie below and right of the middle, and more below than right.
    """
    size = patches.shape[-1]
    from_middle = torch.arange(size) - (size - 1) / 2
    energy = patches.square()
    below = (energy * from_middle[:, None]).sum((1, 2))
    right = (energy * from_middle).sum((1, 2))
    patches = torch.where((below < 0)[:, None, None], patches.flip(1), patches)
    patches = torch.where((right < 0)[:, None, None], patches.flip(2), patches)
    swap = right.abs() > below.abs()
    return torch.where(swap[:, None, None], patches.transpose(1, 2), patches)
