"""Point-spread functions that no Gaussian describes: a disc out of focus, a streak of motion."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from scipy.fft import next_fast_len

from audit.imaging.blur import mirror

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

FINE = 16
"""A kernel is drawn this many times finer than its pixels, then averaged."""


def disc_blur(images: Tensor, radius_px: float) -> Tensor:
    """Return images (B, C, Y, X) in which each point is a uniform disc, mirrored at the border."""
    return convolved(images, disc, (radius_px,))


def motion_blur(images: Tensor, length_px: float, direction_deg: float) -> Tensor:
    """Return images (B, C, Y, X) in which each point is a streak, mirrored at the border.

    The scene moved by `length_px` at constant speed while the shutter was open, along x at 0
    degrees and along y at 90.
    """
    return convolved(images, streak, (length_px, direction_deg))


def convolved(images: Tensor, kernel: Callable[..., Tensor], settings: tuple[float, ...]) -> Tensor:
    """Return images convolved with a kernel of some settings, by FFT: any size costs the same.

    Agrees with scipy.ndimage.convolve (mode "reflect") to 1e-5 of the range.
    """
    height, width = images.shape[-2:]
    reach = kernel(*settings).shape[-1] // 2
    rows, columns = (mirror(torch.arange(-reach, n + reach), n) for n in (height, width))
    size = (fast(height + 2 * reach), fast(width + 2 * reach))
    # Without their mean, intensities far from zero lose nothing to rounding.
    mean = images.mean((-2, -1), keepdim=True)
    wide = (images - mean)[..., rows[:, None], columns]
    spectrum = torch.fft.rfft2(wide, s=size) * transfer(kernel, settings, size).to(images.device)
    blurred: Tensor = torch.fft.irfft2(spectrum, s=size)
    return blurred[..., 2 * reach :, 2 * reach :][..., :height, :width] + mean


def fast(size: int) -> int:
    """Return the next size whose Fourier transform is fast."""
    return int(next_fast_len(size, real=True))


@lru_cache(maxsize=16)
def transfer(
    kernel: Callable[..., Tensor], settings: tuple[float, ...], size: tuple[int, int]
) -> Tensor:
    """Return the Fourier transform of a kernel on a grid: what it does to each frequency."""
    spectrum: Tensor = torch.fft.rfft2(kernel(*settings), s=size)
    return spectrum


@lru_cache(maxsize=16)
def disc(radius_px: float) -> Tensor:
    """Return a uniform disc (n, n) that sums to one, its edge pixels covered in part.

    >>> disc(0.4).tolist()
    [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    reach = max(1, math.ceil(radius_px - 0.5))
    side = (2 * reach + 1) * FINE
    away = (torch.arange(side) + 0.5) / FINE - reach - 0.5
    inside = (away[:, None] ** 2 + away[None] ** 2 <= radius_px**2).float()
    covered = torch.nn.functional.avg_pool2d(inside[None], FINE)[0]
    return covered / covered.sum()


@lru_cache(maxsize=16)
def streak(length_px: float, direction_deg: float) -> Tensor:
    """Return a line (n, n) that sums to one, its points shared by the pixels around them.

    >>> streak(2, 0).round(decimals=2)[1].tolist()
    [0.25, 0.5, 0.25]
    """
    reach = math.ceil(length_px / 2)
    steps = max(1, math.ceil(length_px * FINE))
    along = ((torch.arange(steps) + 0.5) / steps - 0.5) * length_px
    angle = math.radians(direction_deg)
    grid = torch.arange(-reach, reach + 1)
    rows = (1 - (along[:, None] * math.sin(angle) - grid).abs()).clamp_min(0)
    columns = (1 - (along[:, None] * math.cos(angle) - grid).abs()).clamp_min(0)
    line = rows.T @ columns
    return line / line.sum()
