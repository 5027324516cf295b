"""The U-Net of the reference networks, written here so that its receptive field is known."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn


class UNet(nn.Module):
    """A two-dimensional U-Net: one scale for each of `widths`, two 3 x 3 convolutions a scale.

    Takes (B, C, Y, X), gives logits (B, K, Y, X); Y and X must be multiples of `stride`. In
    training a share `dropout` of the deepest feature maps is set to zero, whole maps at a time,
    since neighbouring pixels are correlated (Tompson et al. 2015, arXiv:1411.4280).
    Source: Ronneberger, Fischer and Brox 2015, arXiv:1505.04597, with padded convolutions and
    batch normalisation.
    """

    def __init__(
        self, channels: int, classes: int, widths: tuple[int, ...], dropout: float = 0.0
    ) -> None:
        super().__init__()
        ends = (channels, *widths)
        self.down = nn.ModuleList(block(a, b) for a, b in zip(ends, widths, strict=False))
        self.up = nn.ModuleList(block(below + here, here) for here, below in pairwise(widths))
        self.dropout = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(widths[0], classes, 1)
        self.stride = 2 ** (len(widths) - 1)

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits (B, K, Y, X) of normalised images (B, C, Y, X)."""
        skips: list[Tensor] = []
        features = self.down[0](images)
        for deeper in list(self.down)[1:]:
            skips.append(features)
            features = deeper(nn.functional.max_pool2d(features, 2))
        features = self.dropout(features)
        for here, skip in zip(reversed(list(self.up)), reversed(skips), strict=True):
            larger = nn.functional.interpolate(features, scale_factor=2, mode="nearest")
            features = here(torch.cat((larger, skip), 1))
        logits: Tensor = self.head(features)
        return logits


def block(channels: int, width: int) -> nn.Sequential:
    """Return two convolutions, each normalised over the batch and rectified."""
    layers: list[nn.Module] = []
    for inputs in (channels, width):
        layers += [nn.Conv2d(inputs, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)]
        layers += [nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)
