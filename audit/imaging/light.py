"""Uneven light and other response curves: tilt, vignette, gain, pedestal, gamma, inversion."""

from __future__ import annotations

import torch
from torch import Tensor


def tilt(images: Tensor, percent: float) -> Tensor:
    """Return images (B, C, Y, X) whose brightness falls linearly by `percent` from left to right.

    The mean brightness is kept: a tilt of 40 % runs from 1.2 to 0.8.
    """
    ramp = torch.linspace(percent / 200, -percent / 200, images.shape[-1], device=images.device)
    return images * (1 + ramp)


def vignette(images: Tensor, percent: float) -> Tensor:
    """Return images (B, C, Y, X) darkened towards the corners, by `percent` in the corners.

    Falls with the square of the distance from the centre.
    """
    y, x = (torch.linspace(-1, 1, size, device=images.device) for size in images.shape[-2:])
    distance = (y[:, None] ** 2 + x[None] ** 2) / 2
    return images * (1 - percent / 100 * distance)


def gamma(images: Tensor, exponent: float, low: Tensor, high: Tensor) -> Tensor:
    """Return images with ((x - low) / (high - low)) ** exponent in place of x, within low..high."""
    relative = ((images - low) / (high - low).clamp_min(1e-12)).clamp(0, 1)
    return low + (high - low) * relative**exponent


def extremes(images: Tensor) -> tuple[Tensor, Tensor]:
    """Return the lowest and the highest intensity of each image, (B, 1, 1, 1)."""
    axes = (1, 2, 3)
    return images.amin(axes, keepdim=True), images.amax(axes, keepdim=True)
