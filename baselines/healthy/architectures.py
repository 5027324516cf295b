"""Architectures of healthy networks beside the U-Net: other norms, residual blocks, dilations."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 (a builder's signature)
from itertools import pairwise

import torch
from torch import Tensor, nn

from baselines.network import Network
from baselines.unet import UNet

DILATIONS = (1, 1, 2, 4, 8, 12, 1)
"""Of 3 x 3 convolutions in a row, which see 29 px to each side."""


def norm(kind: str, width: int) -> nn.Module:
    """Return a layer that normalises so many feature maps; "none" leaves them as they are."""
    if kind == "batch":
        return nn.BatchNorm2d(width)
    if kind == "none":
        return nn.Identity()
    return nn.GroupNorm(width if kind == "instance" else 4, width)


class DoubleConvolution(nn.Module):
    """Two convolutions, each normalised and rectified; a residual one adds them to what came in.

    The gain of the convolutions starts at 0, so that a network without norms trains as well.
    Source: He et al. 2016, arXiv:1603.05027; Zhang et al. 2019, arXiv:1901.09321.
    """

    def __init__(self, channels: int, width: int, kind: str, *, residual: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 3, padding=1),
            norm(kind, width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            norm(kind, width),
        )
        self.skip = nn.Conv2d(channels, width, 1) if residual else None
        self.gain = nn.Parameter(torch.zeros(1)) if residual else None

    def forward(self, features: Tensor) -> Tensor:
        """Return feature maps (B, width, Y, X)."""
        found: Tensor = self.layers(features)
        if self.skip is not None and self.gain is not None:
            found = self.skip(features) + self.gain * found
        return nn.functional.relu(found)


class VariedUNet(UNet):
    """A U-Net of `DoubleConvolution` blocks; `kind` names their norm."""

    def __init__(
        self,
        channels: int,
        classes: int,
        widths: tuple[int, ...],
        dropout: float,
        kind: str,
        *,
        residual: bool,
    ) -> None:
        super().__init__(channels, classes, widths, dropout)
        ends = zip((channels, *widths), widths, strict=False)
        self.down = nn.ModuleList(DoubleConvolution(a, b, kind, residual=residual) for a, b in ends)
        self.up = nn.ModuleList(
            DoubleConvolution(below + here, here, kind, residual=residual)
            for here, below in pairwise(widths)
        )


class Dilated(nn.Module):
    """Convolutions in a row, of growing dilation, at full resolution.

    Takes (B, C, Y, X), gives logits (B, K, Y, X) of any size; the width is the first of `widths`.
    Source: Yu and Koltun 2016, arXiv:1511.07122.
    """

    stride = 1

    def __init__(
        self, channels: int, classes: int, widths: tuple[int, ...], dropout: float
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for number, dilation in enumerate(DILATIONS):
            inputs = widths[0] if number else channels
            layers += [nn.Conv2d(inputs, widths[0], 3, padding=dilation, dilation=dilation)]
            layers += [nn.GroupNorm(4, widths[0]), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Dropout2d(dropout))
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits (B, K, Y, X) of normalised images (B, C, Y, X)."""
        logits: Tensor = self.head(self.layers(images))
        return logits


def varied(
    channels: int = 1,
    classes: int = 2,
    widths: Sequence[int] = (8, 16, 32),
    rescale: float = 1.0,
    dropout: float = 0.0,
    *,
    kind: str = "batch",
    residual: bool = False,
) -> Network:
    """Return an untrained U-Net of `DoubleConvolution` blocks between two resamplings."""
    network = Network(channels, classes, widths, rescale)
    network.unet = VariedUNet(channels, classes, tuple(widths), dropout, kind, residual=residual)
    return network


def dilated(
    channels: int = 1,
    classes: int = 2,
    widths: Sequence[int] = (12,),
    rescale: float = 1.0,
    dropout: float = 0.0,
) -> Network:
    """Return an untrained network of dilated convolutions between two resamplings."""
    network = Network(channels, classes, widths, rescale)
    network.unet = Dilated(channels, classes, tuple(widths), dropout)
    return network


def unet_group(**settings: object) -> Network:
    """Return a U-Net whose features are normalised by groups of maps."""
    return varied(**settings, kind="group")  # type: ignore[arg-type]


def unet_instance(**settings: object) -> Network:
    """Return a U-Net whose feature maps are normalised one by one."""
    return varied(**settings, kind="instance")  # type: ignore[arg-type]


def residual_batch(**settings: object) -> Network:
    """Return a U-Net of residual blocks normalised over the batch."""
    return varied(**settings, kind="batch", residual=True)  # type: ignore[arg-type]


def residual_group(**settings: object) -> Network:
    """Return a U-Net of residual blocks normalised by groups of maps."""
    return varied(**settings, kind="group", residual=True)  # type: ignore[arg-type]


def unnormalised(**settings: object) -> Network:
    """Return a U-Net of residual blocks without any norm."""
    return varied(**settings, kind="none", residual=True)  # type: ignore[arg-type]
