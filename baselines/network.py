"""The reference network as it is published: a U-Net that works at its own pixel size."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from audit.imaging.resample import resample, scaled_size
from audit.models.torch_module import pad
from baselines.unet import UNet


class Network(nn.Module):
    """A U-Net between two resamplings: z-scored images in, logits (B, K, Y, X) out, of any size.

    `rescale` is the factor from the images' grid to the one that the U-Net works on, at most 1.
    """

    def __init__(
        self, channels: int, classes: int, widths: tuple[int, ...], rescale: float
    ) -> None:
        super().__init__()
        self.unet = UNet(channels, classes, tuple(widths))
        self.rescale = rescale

    def forward(self, images: Tensor) -> Tensor:
        """Return logits on the grid of the images."""
        size = (int(images.shape[-2]), int(images.shape[-1]))
        working = resample(images, scaled_size(size, self.rescale))
        height, width = working.shape[-2:]
        padded = pad(working, self.unet.stride).contiguous(memory_format=torch.channels_last)
        logits = self.unet(padded)[..., :height, :width]
        return resample(logits, size)


def reference(
    channels: int = 1,
    classes: int = 2,
    widths: tuple[int, ...] = (16, 32, 64),
    rescale: float = 1.0,
) -> Network:
    """Return an untrained reference network: what a reference's card names."""
    return Network(channels, classes, tuple(widths), rescale)
