"""What of an image is kept when it is compared with others: structure, without light or unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.imaging.blur import gaussian_blur
from audit.imaging.resample import resample, scaled_size

if TYPE_CHECKING:
    from torch import Tensor

DARK = 0.001
"""The quantile taken for no light, a camera's offset; the minimum may be a dead pixel."""

FINE_PX, COARSE_PX = 1.0, 4.0
"""Standard deviations between which structure is kept: finer is noise, coarser is illumination."""

ROUNDING = 1e-5
"""The share of the signal below which a difference is nothing but rounding."""


def structure(image: Tensor, factor: float) -> Tensor:
    """Return the structure (Y, X) of an image (C, Y, X) on a grid `factor` times as fine.

    The square root makes shot noise alike everywhere, the difference of two Gaussians takes noise
    and illumination away, and the mean square is 1; all zero where the image is constant. Gain and
    offset change nothing.
    """
    size = scaled_size((image.shape[-2], image.shape[-1]), factor)
    small = resample(image.mean(0)[None, None], size)
    root = (small - torch.quantile(small.flatten(), DARK)).clamp(min=0).sqrt()
    kept = (gaussian_blur(root, FINE_PX) - gaussian_blur(root, COARSE_PX))[0, 0]
    power = float(kept.square().mean().sqrt())
    nothing = power <= ROUNDING * float(root.mean())
    return torch.zeros_like(kept) if nothing else kept / power
