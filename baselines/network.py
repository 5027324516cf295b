"""The reference network as it is published: a U-Net that works at its own pixel size."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 (a builder's signature)

import torch
from torch import Tensor, nn

from audit.imaging.resample import resample, scaled_size
from audit.models.torch_module import pad
from baselines.unet import UNet


class Network(nn.Module):
    """A U-Net between two resamplings: normalised images in, logits (B, K, Y, X) out, of any size.

    `rescale` is the factor from the images' grid to the one that the U-Net works on, at most 1.
    A subclass may put another module with a `stride` in the place of the U-Net.
    """

    def __init__(
        self,
        channels: int,
        classes: int,
        widths: Sequence[int],
        rescale: float,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.unet: nn.Module = UNet(channels, classes, tuple(widths), dropout)
        self.rescale = rescale

    def forward(self, images: Tensor) -> Tensor:
        """Return logits on the grid of the images."""
        size = (int(images.shape[-2]), int(images.shape[-1]))
        working = self.inputs(resample(images, scaled_size(size, self.rescale)))
        height, width = working.shape[-2:]
        padded = pad(working, self.stride).contiguous(memory_format=torch.channels_last)
        return resample(self.judged(padded)[..., :height, :width], size)

    def judged(self, padded: Tensor) -> Tensor:
        """Return what the U-Net says of its input, whose sizes are multiples of the stride."""
        logits: Tensor = self.unet(padded)
        return logits

    def inputs(self, working: Tensor) -> Tensor:
        """Return the input of the U-Net for images (B, C, Y, X) at the working scale."""
        return working

    @property
    def stride(self) -> int:
        """The number of which sizes must be multiples at the working scale."""
        return int(self.unet.stride)  # type: ignore[arg-type]


def reference(
    channels: int = 1,
    classes: int = 2,
    widths: Sequence[int] = (16, 32, 64),
    rescale: float = 1.0,
    dropout: float = 0.0,
) -> Network:
    """Return an untrained reference network; the model cards of references name this function."""
    return Network(channels, classes, widths, rescale, dropout)
