"""What is attacked: a window of an image, with the bounds and the noise of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import avg_pool2d

from audit.imaging.estimate import noise_sigma
from audit.metrics.overlap import check_classes, confusion, region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from audit.measurement import Scalar
    from audit.models.segmenter import Traits

Place = tuple[slice, slice]
"""Rows and columns of an image."""

STRIDES = 8
"""A window is sought at eighths of its side."""


@dataclass(frozen=True, kw_only=True)
class AttackedWindow:
    """A window (1, C, Y, X) of an image with its truth (1, Y, X).

    An attacked intensity stays within `low` and `high`: the range that the model declares where
    the image keeps it, else the image's own darkest and brightest intensity. `noise` is the
    standard deviation of the whole image's noise.
    """

    image: Tensor
    truth: Tensor
    low: float
    high: float
    noise: float
    classes: int = 2

    def radius(self, at: Mapping[str, Scalar]) -> float:
        """Return how far a condition lets each pixel move, in the image's intensities."""
        if "noise_ratio" in at:
            return float(at["noise_ratio"]) * self.noise
        return float(at["range_fraction"]) * (self.high - self.low)

    def iou(self, labels: Tensor) -> float:
        """Return the foreground overlap of a prediction (1, Y, X); 1 where both are empty."""
        counts = confusion(labels[0], self.truth[0], self.classes)
        found = region(counts, range(1, self.classes)).iou
        return 1.0 if found is None else found


def subject(image: Tensor, mask: Tensor, traits: Traits, place: Place) -> AttackedWindow:
    """Return the window of an image (C, Y, X) at a place; DataError for a strange class."""
    check_classes(mask, traits.classes)
    low, high = float(image.min()), float(image.max())
    if traits.range is not None and traits.range[0] <= low and high <= traits.range[1]:
        low, high = traits.range
    y, x = place
    return AttackedWindow(
        image=image[None, :, y, x],
        truth=mask[None, y, x],
        low=low,
        high=high,
        noise=noise_sigma(image),
        classes=traits.classes,
    )


def window(image: Tensor, mask: Tensor, side_px: int) -> Place:
    """Return the window of an image (C, Y, X) that stands best for the whole.

    Of the windows that hold at least the image's share of foreground (else the most), the one
    whose mean and standard deviation are nearest the image's: a model that normalises each image
    then sees the window as it sees the image.
    """
    height, width = (min(side_px, length) for length in mask.shape)
    step = max(1, side_px // STRIDES)
    size = (height, width)
    mean = avg_pool2d(image[None], size, step)[0]
    spread = (avg_pool2d(image[None] ** 2, size, step)[0] - mean**2).clamp_min(0).sqrt()
    whole, sigma = image.mean((1, 2))[:, None, None], image.std((1, 2))[:, None, None]
    sigma = sigma.clamp_min(1e-12)
    distance = (((mean - whole) / sigma).abs() + (spread / sigma - 1).abs()).sum(0)
    share = avg_pool2d((mask > 0)[None, None].float(), size, step)[0, 0]
    enough = share >= min(float((mask > 0).float().mean()), float(share.max()))
    best = int(torch.where(enough, distance, torch.inf).argmin())
    y, x = step * (best // share.shape[1]), step * (best % share.shape[1])
    return slice(y, y + height), slice(x, x + width)
