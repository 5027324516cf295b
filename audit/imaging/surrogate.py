"""Copies of an image that keep spectrum, intensities or texture, and none of its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor


def phase_randomised(image: Tensor, generator: Generator) -> Tensor:
    """Return a stationary Gaussian texture with the power spectrum of an image (C, Y, X).

    Phases are those of white noise, the same for all channels, so that amplitude and mean of
    every frequency stay. Source: Galerne et al. 2011, doi:10.1109/TIP.2010.2052822.
    """
    white = torch.randn(image.shape[-2:], generator=generator).to(image)
    phases = torch.fft.rfft2(white)
    phases = phases / phases.abs().clamp_min(torch.finfo(image.dtype).tiny)
    phases[0, 0] = 1
    changed: Tensor = torch.fft.irfft2(torch.fft.rfft2(image) * phases, s=image.shape[-2:])
    return changed


def with_intensities(image: Tensor, like: Tensor) -> Tensor:
    """Return an image (C, Y, X) with the ranks of one and, channel by channel, another's values.

    >>> with_intensities(torch.tensor([[[3.0, 1.0, 2.0]]]), torch.tensor([[[5.0, 9.0, 7.0]]]))
    tensor([[[9., 5., 7.]]])
    """
    order = image.flatten(1).argsort(1)
    return (
        torch.zeros_like(order, dtype=like.dtype)
        .scatter_(1, order, like.flatten(1).sort(1).values)
        .reshape(image.shape)
    )


def shuffled_tiles(image: Tensor, tile_px: int, generator: Generator) -> Tensor:
    """Return an image (C, Y, X) cut into square tiles in random order: texture without structure.

    What is left over at the far ends, less than a tile, stays where it is.
    """
    rows, columns = (size // tile_px for size in image.shape[-2:])
    whole = image[:, : rows * tile_px, : columns * tile_px]
    tiles = whole.reshape(-1, rows, tile_px, columns, tile_px).transpose(2, 3)
    flat = tiles.reshape(len(image), rows * columns, tile_px, tile_px)
    order = torch.randperm(rows * columns, generator=generator).to(image.device)
    mixed = flat[:, order].reshape(tiles.shape).transpose(2, 3)
    out = image.clone()
    out[:, : rows * tile_px, : columns * tile_px] = mixed.reshape(whole.shape)
    return out
