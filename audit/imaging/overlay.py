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

    Missed area is tinted blue, invented area vermilion. `shades` are the intensities shown as
    black and as white; no side is longer than `side` px.
    """
    size = shown_size(image.shape[-2], image.shape[-1], side)
    picture = contrast(shrink(image.mean(0)[None], size), shades).repeat(3, 1, 1)
    found, there = (nearest(mask > 0, size) for mask in (labels, truth))
    tint(picture, there & ~found, BLUE)
    tint(picture, found & ~there, VERMILION)
    paint(picture, edge(there, 1), BLACK)
    paint(picture, edge(there, 0), WHITE)
    paint(picture, edge(found, 0), ORANGE)
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


def nearest(mask: Tensor, size: tuple[int, int]) -> Tensor:
    """Return a mask (Y, X) at another size, without in-between values."""
    return interpolate(mask[None, None].float(), size, mode="nearest-exact")[0, 0] > 0


def edge(mask: Tensor, outside: int) -> Tensor:
    """Return the outline of a mask (Y, X): its inner border, or `outside` px further out."""
    inside = mask[None, None].float()
    if outside:
        grown = max_pool2d(inside, 2 * outside + 1, 1, outside)
        return (grown > inside)[0, 0]
    return (-max_pool2d(-inside, 3, 1, 1) < inside)[0, 0]


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
