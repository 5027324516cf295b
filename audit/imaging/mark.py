"""Marks that no lens can make, and the finest texture of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy import ndimage

from audit.imaging.blur import gaussian_blur

if TYPE_CHECKING:
    from torch import Tensor


def checkerboard(height: int, width: int) -> Tensor:
    """Return +1 and -1 in turn (Y, X).

    >>> checkerboard(2, 3).tolist()
    [[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]]
    """
    return 1.0 - 2.0 * ((torch.arange(height)[:, None] + torch.arange(width)[None]) % 2).float()


def diagonals(height: int, width: int) -> Tensor:
    """Return slanting stripes (Y, X) of +1 and -1, each two pixels wide.

    >>> diagonals(1, 6).tolist()
    [[1.0, 1.0, -1.0, -1.0, 1.0, 1.0]]
    """
    phase = (torch.arange(height)[:, None] + torch.arange(width)[None]) % 4
    return 1.0 - 2.0 * (phase >= 2).float()  # noqa: PLR2004 (half of the period)


MARKS = {"checkerboard": checkerboard, "diagonals": diagonals}

SMALLEST_SQUARE = 8
"""A patch of texture has at least this side, in px."""


def fine(image: Tensor, sigma_px: float) -> Tensor:
    """Return what a Gaussian blur of `sigma_px` takes from an image (C, Y, X)."""
    return image - gaussian_blur(image[None], sigma_px)[0]


def tiled(patch: Tensor, height: int, width: int) -> Tensor:
    """Return a field (C, Y, X) covered by copies of a patch (C, y, x).

    >>> tiled(torch.tensor([[[1, 2]]]), 1, 5).tolist()
    [[[1, 2, 1, 2, 1]]]
    """
    rows, columns = -(-height // patch.shape[-2]), -(-width // patch.shape[-1])
    return patch.repeat(1, rows, columns)[:, :height, :width]


def largest_square(mask: Tensor) -> tuple[slice, slice] | None:
    """Return the largest square window inside a mask (Y, X); None below 8 px.

    Its side is a multiple of four, so that tiling keeps the beat of the marks above.
    """
    depth = ndimage.distance_transform_cdt(np.pad(mask.cpu().numpy(), 1), "chessboard")[1:-1, 1:-1]
    reach = int(depth.max())
    side = (2 * reach - 1) // 4 * 4
    if side < SMALLEST_SQUARE:
        return None
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    top, left = int(y) - reach + 1, int(x) - reach + 1
    return slice(top, top + side), slice(left, left + side)
