"""What a camera and its file do to intensities: saturation, steps, binning, compression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import avg_pool2d, pad

from audit.imaging.light import extremes
from audit.imaging.noise import quantile

if TYPE_CHECKING:
    from torch import Tensor

LARGEST_BYTE = 255

SMALLEST_RANGE = 1e-12
"""An image without contrast is divided by this, and stays as it is."""


def saturated(images: Tensor, percent: float) -> Tensor:
    """Return images (B, C, Y, X) whose brightest pixels, a percentage of all, became equal.

    >>> saturated(torch.arange(5.0).reshape(1, 1, 1, 5), 25).tolist()
    [[[[0.0, 1.0, 2.0, 3.0, 3.0]]]]
    """
    tops = torch.tensor([quantile(image, 1 - percent / 100) for image in images])
    return torch.minimum(images, tops.to(images)[:, None, None, None])


def quantised(images: Tensor, bits: int) -> Tensor:
    """Return images (B, C, Y, X) in 2 ** bits steps, equal from each image's darkest to brightest.

    >>> quantised(torch.tensor([[[[0.0, 40.0, 60.0, 100.0]]]]), 1).tolist()
    [[[[0.0, 0.0, 100.0, 100.0]]]]
    """
    low, high = extremes(images)
    step = (high - low).clamp_min(SMALLEST_RANGE) / (2**bits - 1)
    stepped: Tensor = low + ((images - low) / step).round() * step
    return stepped


def exported(images: Tensor, bits: int) -> Tensor:
    """Return images (B, C, Y, X) whose own range was stretched to 0 .. 2 ** bits - 1 and rounded.

    What "save as 8 bits" does in most programs.

    >>> exported(torch.tensor([[[[1000.0, 1500.0, 2000.0]]]]), 8).tolist()
    [[[[0.0, 128.0, 255.0]]]]
    """
    low, high = extremes(images)
    step = (high - low).clamp_min(SMALLEST_RANGE) / (2**bits - 1)
    counts: Tensor = ((images - low) / step).round()
    return counts


def binned(images: Tensor, pixels: int) -> Tensor:
    """Return images (B, C, Y, X) in which squares of `pixels` each way are summed into one.

    Where the field is no whole number of squares, its last pixel is repeated.

    >>> binned(torch.arange(6.0).reshape(1, 1, 2, 3), 2).tolist()
    [[[[8.0, 14.0]]]]
    """
    height, width = images.shape[-2:]
    whole = pad(images, (0, -width % pixels, 0, -height % pixels), mode="replicate")
    summed: Tensor = avg_pool2d(whole, pixels) * pixels**2
    return summed


def compressed(images: Tensor, quality: int) -> Tensor:
    """Return images (B, C, Y, X) after a JPEG of 8 bits, each channel a grey picture.

    Each image's range is stretched to 0..255 before, and back afterwards.
    """
    import imagecodecs

    low, high = extremes(images)
    step = (high - low).clamp_min(SMALLEST_RANGE) / LARGEST_BYTE
    planes = ((images - low) / step).round().byte().flatten(0, 1).cpu().numpy()
    back = [
        torch.from_numpy(imagecodecs.jpeg8_decode(imagecodecs.jpeg8_encode(plane, quality)))
        for plane in planes
    ]
    return low + torch.stack(back).reshape(images.shape).to(images) * step
