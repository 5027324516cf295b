"""Broken pixels of a camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor

BROKEN = ("hot", "dead")
"""A hot pixel is at full scale, a dead one at zero."""

SCALES = (1.0, 255.0, 4095.0, 65535.0)
"""Full scale of images in 0..1 and of cameras of 8, 12 and 16 bits."""


def full_scale(image: Tensor) -> float:
    """Return the highest intensity that the camera of an image can give, as far as one can see.

    The lowest usual full scale that holds the image; its own maximum where none does.

    >>> full_scale(torch.tensor([[[30.0, 185.0]]]))
    255.0
    """
    high = float(image.max())
    return next((scale for scale in SCALES if high <= scale), high)


def with_broken_pixel(
    images: Tensor,
    kind: str,
    limits: tuple[float, float] | None,
    generators: list[Generator],
) -> Tensor:
    """Return images (B, C, Y, X), each with one pixel, the same in all channels, hot or dead.

    `limits` are the lowest and highest intensity that the camera can give, where they are known.
    Where an image reaches its full scale by itself, a hot pixel changes next to nothing.
    """
    struck = images.clone()
    for image, generator in zip(struck, generators, strict=True):
        place = int(torch.randint(image[0].numel(), (1,), generator=generator))
        low, high = limits or (min(0.0, float(image.min())), full_scale(image))
        image.reshape(len(image), -1)[:, place] = high if kind == "hot" else low
    return struck
