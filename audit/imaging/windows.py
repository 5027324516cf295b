"""The same content found again after it has moved a little, each window by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import avg_pool2d, pad

if TYPE_CHECKING:
    from torch import Tensor

LEAST_POWER = 1e-3
"""The mean square, where the image's own is 1, below which a window is empty."""


def windowed(
    image: Tensor, others: Tensor, *, side_px: int = 16, reach_px: int = 3, share: float = 0.25
) -> Tensor:
    """Return how well an image (Y, X) is found in each of others (B, Y, X): -1..1, shape (B,).

    The image is cut into windows of `side_px`; each is correlated with the other image at every
    shift up to `reach_px` along both axes, and the mean of the best `share` of windows is taken:
    what moved further, or changed, does not hide what stayed. An empty window correlates with
    nothing. All zero where the image is smaller than a window.
    """
    height, width = (size // side_px * side_px for size in image.shape)
    if not height or not width:
        return others.new_zeros(len(others))
    own = image[:height, :width]
    power = avg_pool2d(own.square()[None], side_px)
    beyond = pad(others, [reach_px] * 4)
    best = torch.full((len(others), *power.shape[1:]), -1.0)
    shifts = range(2 * reach_px + 1)
    for y, x in ((y, x) for y in shifts for x in shifts):
        moved = beyond[:, y : y + height, x : x + width]
        found = avg_pool2d(moved.square(), side_px)
        both = avg_pool2d(own * moved, side_px)
        empty = (power < LEAST_POWER) | (found < LEAST_POWER)
        one = torch.where(empty, 0.0, both / (power * found).clamp(min=LEAST_POWER**2).sqrt())
        best = torch.maximum(best, one)
    ranked = best.flatten(1).sort(dim=1, descending=True).values
    return ranked[:, : max(1, round(share * ranked.shape[1]))].mean(1)
