"""Resampling of torch batches: the same scene on coarser or finer pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn.functional import interpolate

if TYPE_CHECKING:
    from torch import Tensor


def resample(images: Tensor, size: tuple[int, int]) -> Tensor:
    """Return images (B, C, Y, X) on a grid of another size, bilinear, anti-aliased when smaller.

    Pixels are areas, so corners of the field stay where they are. A smaller image agrees with
    scikit-image's `resize` of a triangle-filtered image; see the test for the tolerance.
    """
    if tuple(images.shape[-2:]) == size:
        return images
    smaller = size[0] < images.shape[-2] or size[1] < images.shape[-1]
    return interpolate(images, size, mode="bilinear", antialias=smaller, align_corners=False)


def scaled_size(size: tuple[int, int], factor: float) -> tuple[int, int]:
    """Return a size multiplied by a factor, at least one pixel.

    >>> scaled_size((520, 696), 0.4)
    (208, 278)
    """
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
