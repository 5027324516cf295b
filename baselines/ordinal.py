"""A network for classes that are steps of one quantity, such as distance: one number a pixel."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 (a builder's signature)

import torch
from torch import Tensor

from baselines.network import Network
from baselines.unet import UNet

SPREAD = 0.5
"""Standard deviation, in classes, of the softmax around r; a narrower one learns slowly."""


class OrdinalUNet(UNet):
    """A U-Net of one number r a pixel, given as logits (B, K, Y, X): -(k - r)^2 / (2 SPREAD^2).

    The likeliest class is then the one nearest to r, and the class expected under the softmax is
    close to r, from the first class to the last. Plain logits trained on the expected class alone
    need not be highest there.
    """

    def __init__(
        self, channels: int, classes: int, widths: tuple[int, ...], dropout: float = 0.0
    ) -> None:
        super().__init__(channels, 1, widths, dropout)
        numbers = torch.arange(classes, dtype=torch.float32)[:, None, None]
        self.register_buffer("numbers", numbers, persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits (B, K, Y, X) of normalised images (B, C, Y, X)."""
        numbers = self.numbers
        assert isinstance(numbers, Tensor)
        # The square of r is the same for all classes, and so drops out of the softmax.
        return (numbers * self.number(images).float() - numbers**2 / 2) / SPREAD**2

    def number(self, images: Tensor) -> Tensor:
        """Return r (B, 1, Y, X), the number of the class."""
        return super().forward(images)


class DepthNetwork(Network):
    """A network whose classes are px of depth inside an object: it gives the depth itself."""

    def judged(self, padded: Tensor) -> Tensor:
        """Return the depth (B, 1, Y, X) in px of the working scale."""
        assert isinstance(self.unet, OrdinalUNet)
        return self.unet.number(padded)


def ordinal(
    channels: int = 1,
    classes: int = 2,
    widths: Sequence[int] = (16, 32, 64),
    rescale: float = 1.0,
    dropout: float = 0.0,
) -> Network:
    """Return an untrained network for ordered classes; model cards name this function."""
    network = Network(channels, classes, widths, rescale)
    network.unet = OrdinalUNet(channels, classes, tuple(widths), dropout)
    return network


def depth(
    channels: int = 1,
    classes: int = 9,
    widths: Sequence[int] = (16, 32, 64),
    rescale: float = 1.0,
    dropout: float = 0.0,
) -> Network:
    """Return an untrained network of depths up to classes - 1 px; cards name this function."""
    network = DepthNetwork(channels, classes, widths, rescale)
    network.unet = OrdinalUNet(channels, classes, tuple(widths), dropout)
    return network
