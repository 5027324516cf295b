"""What an image says of itself: its noise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import conv2d

if TYPE_CHECKING:
    from torch import Tensor

LAPLACIANS = ((1.0, -2.0, 1.0), (-2.0, 4.0, -2.0), (1.0, -2.0, 1.0))
"""The difference of two Laplacians: blind to planes and to most edges."""


def noise_sigma(image: Tensor) -> float:
    """Return the standard deviation of the noise of an image (C, Y, X), in its own intensities.

    The mean absolute response to a difference of two Laplacians, scaled to what white Gaussian
    noise gives; a mean is not quantised on 8-bit images as a median is. Noise that is correlated
    between pixels is underestimated, texture is counted as noise. At least 3 x 3 px. Source:
    Immerkaer 1996, doi:10.1006/cviu.1996.0060.

    >>> white = torch.randn(1, 200, 200, generator=torch.Generator().manual_seed(0))
    >>> abs(noise_sigma(5 * white) - 5) < 0.1
    True
    """
    kernel = torch.tensor(LAPLACIANS, device=image.device)[None, None]
    response = conv2d(image[:, None].float(), kernel)
    return float(response.abs().mean()) * math.sqrt(math.pi / 2) / 6
