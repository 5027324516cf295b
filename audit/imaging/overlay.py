"""Pictures of evidence: an image with the contours of truth and prediction."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import interpolate, max_pool2d

from audit.measurement import Picture

if TYPE_CHECKING:
    from torch import Tensor

SIDE, LARGE = 320, 640
"""The longer side of a kept picture in px; larger where an image is shown as it is."""

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
ORANGE, BLUE, VERMILION = (230, 159, 0), (0, 114, 178), (213, 94, 0)
"""Okabe and Ito's colours: prediction contour, missed area, invented area."""

LOW, HIGH = 0.01, 0.998
"""The clean image's quantiles that are shown as black and white, the same for a whole strip."""


def draw(
    image: Tensor, truth: Tensor, labels: Tensor, shades: tuple[float, float], side: int = SIDE
) -> Picture:
    """Return an image (C, Y, X) with truth in white and prediction in orange, as a small JPEG.

    Both (Y, X) are numbers of classes or of objects, each with an outline of its own. Missed area
    is tinted blue, invented area vermilion. `shades` are the intensities shown as black and as
    white; no side is longer than `side` px.
    """
    size = shown_size(image.shape[-2], image.shape[-1], side)
    picture = contrast(shrink(image.mean(0)[None], size), shades).repeat(3, 1, 1)
    seen, true = (nearest(numbers, size) for numbers in (labels, truth))
    found, there = seen > 0, true > 0
    tint(picture, there & ~found, BLUE)
    tint(picture, found & ~there, VERMILION)
    paint(picture, surroundings(there), BLACK)
    paint(picture, outlines(true), WHITE)
    paint(picture, outlines(seen), ORANGE)
    return encode(picture)


def shown_size(height: int, width: int, side: int = SIDE) -> tuple[int, int]:
    """Return the size at which an image is shown: no side longer than `side`."""
    scale = min(1.0, side / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def shades_of(clean: Tensor) -> tuple[float, float]:
    """Return the intensities of an image (C, Y, X) that its strip shows as black and as white."""
    grey = clean.mean(0).reshape(-1)
    some = grey[:: max(1, grey.numel() // 65536)].float()
    low, high = torch.quantile(some, torch.tensor([LOW, HIGH], device=some.device)).tolist()
    return low, high


def contrast(grey: Tensor, shades: tuple[float, float]) -> Tensor:
    """Return intensities stretched to 0..255 between two shades."""
    low, high = shades
    shown: Tensor = ((grey - low) / max(high - low, 1e-12)).clamp(0, 1) * 255
    return shown


def shrink(planes: Tensor, size: tuple[int, int]) -> Tensor:
    """Return planes (C, Y, X) at a smaller size, anti-aliased."""
    small: Tensor = interpolate(planes[None], size, mode="bilinear", antialias=True)[0]
    return small


def nearest(numbers: Tensor, size: tuple[int, int]) -> Tensor:
    """Return numbers (Y, X) at another size, without in-between values; what is below 1 is 0."""
    # Double precision holds every number that an object can have.
    planes = numbers.clamp_min(0)[None, None].double()
    return interpolate(planes, size, mode="nearest-exact")[0, 0].long()


def surroundings(mask: Tensor) -> Tensor:
    """Return the pixels (Y, X) just outside of a mask (Y, X)."""
    inside = mask[None, None].float()
    return (max_pool2d(inside, 3, 1, 1) > inside)[0, 0]


def outlines(numbers: Tensor) -> Tensor:
    """Return the pixels (Y, X) of numbered areas (Y, X) beside which there is another number.

    >>> outlines(torch.tensor([[1, 1, 2, 0]])).tolist()
    [[False, True, True, False]]
    """
    here = numbers[None, None].double()
    other = (max_pool2d(here, 3, 1, 1) > here) | (-max_pool2d(-here, 3, 1, 1) < here)
    return other[0, 0] & (numbers > 0)


def tint(picture: Tensor, where: Tensor, colour: tuple[int, int, int]) -> None:
    """Mix a colour into part of a picture (3, Y, X)."""
    for plane, value in zip(picture, colour, strict=True):
        plane[where] = 0.55 * plane[where] + 0.45 * value


def paint(picture: Tensor, where: Tensor, colour: tuple[int, int, int]) -> None:
    """Put a colour over part of a picture (3, Y, X)."""
    for plane, value in zip(picture, colour, strict=True):
        plane[where] = value


def encode(picture: Tensor) -> Picture:
    """Return a picture (3, Y, X) in 0..255 as JPEG."""
    from PIL import Image

    pixels = picture.permute(1, 2, 0).round().clamp(0, 255).byte().cpu().numpy()
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=82)
    return Picture(buffer.getvalue(), pixels.shape[1], pixels.shape[0])
