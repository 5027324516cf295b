"""Gaussian blur of torch batches, as a defocused or coarse objective does it."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

TRUNCATE = 4.0
"""Kernels end this many standard deviations from their centre, as scipy.ndimage's do."""


def gaussian_blur(images: Tensor, sigma_px: float) -> Tensor:
    """Return images (B, C, Y, X) convolved with a Gaussian of `sigma_px`, mirrored at the border.

    Agrees with scipy.ndimage.gaussian_filter (mode "reflect") to 1e-5 of the range. Done as one
    matrix product an axis, since a convolution of a single channel is slow in torch.
    """
    if sigma_px <= 0:
        return images.clone()
    rows = blur_matrix(images.shape[-2], sigma_px).to(images)
    columns = blur_matrix(images.shape[-1], sigma_px).to(images)
    return rows @ images @ columns.T


@lru_cache(maxsize=32)
def blur_matrix(size: int, sigma_px: float) -> Tensor:
    """Return the (size, size) matrix that blurs a line of pixels mirrored at its ends."""
    radius = int(TRUNCATE * sigma_px + 0.5)
    offsets = torch.arange(-radius, radius + 1)
    kernel = torch.exp(-0.5 * (offsets.double() / sigma_px) ** 2)
    sources = mirror(torch.arange(size)[:, None] + offsets[None], size)
    matrix = torch.zeros(size, size, dtype=torch.float64)
    return matrix.scatter_add_(1, sources, (kernel / kernel.sum()).expand(size, -1)).float()


def mirror(index: Tensor, size: int) -> Tensor:
    """Return indices folded back into 0..size-1, the edge pixel repeated (d c b a | a b c d)."""
    folded = index.remainder(2 * size)
    return torch.minimum(folded, 2 * size - 1 - folded)
