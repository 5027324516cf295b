"""Random crops, varied as microscopes and specimens vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from audit.imaging.resample import resample

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from baselines.recipe import Recipe


@dataclass(frozen=True)
class Crops:
    """Batches of varied crops from images and masks that are held in memory.

    `images` are normalised (C, Y, X), `masks` class numbers (Y, X), of any sizes.
    """

    images: list[Tensor]
    masks: list[Tensor]
    recipe: Recipe
    stream: Generator

    def batch(self) -> tuple[Tensor, Tensor]:
        """Return crops (B, C, S, S) and their masks (B, S, S)."""
        pairs = [self.crop() for _ in range(self.recipe.batch)]
        images = torch.stack([image for image, _ in pairs])
        return (
            images.contiguous(memory_format=torch.channels_last),
            torch.stack([mask for _, mask in pairs]),
        )

    def crop(self) -> tuple[Tensor, Tensor]:
        """Return one crop, turned, mirrored, zoomed, its contrast changed, with noise."""
        chosen = self.whole(len(self.images))
        image, mask = self.window(self.images[chosen], self.masks[chosen])
        if self.recipe.turns:
            mirrored, turns = self.whole(2), self.whole(4)
            image, mask = (turned(one, mirrored, turns) for one in (image, mask))
        return self.relit(image), mask

    def window(self, image: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return a random square of the image, of a random size, brought to the crop's size."""
        side = self.recipe.crop_px
        zoom = 1 + self.recipe.zoom * (2 * self.share() - 1)
        size = min(round(side * zoom), image.shape[-2], image.shape[-1])
        top, left = (self.whole(edge - size + 1) for edge in image.shape[-2:])
        image = image[:, top : top + size, left : left + size]
        mask = mask[top : top + size, left : left + size]
        if size == side:
            return image, mask
        planes = mask[None, None].float()
        larger = torch.nn.functional.interpolate(planes, (side, side), mode="nearest-exact")
        return resample(image[None], (side, side))[0], larger[0, 0].long()

    def relit(self, image: Tensor) -> Tensor:
        """Return a crop with another contrast, brightness and noise."""
        gain = 1 + self.recipe.contrast * (2 * self.share() - 1)
        offset = self.recipe.contrast * (2 * self.share() - 1)
        noise = self.recipe.noise * self.share()
        return image * gain + offset + noise * torch.randn(image.shape, generator=self.stream)

    def whole(self, below: int) -> int:
        """Return a random whole number from 0 to below - 1."""
        return int(torch.randint(below, (), generator=self.stream))

    def share(self) -> float:
        """Return a random number in 0..1."""
        return float(torch.rand((), generator=self.stream))


def turned(planes: Tensor, mirrored: int, turns: int) -> Tensor:
    """Return planes (..., Y, X), mirrored or not, after so many quarter turns."""
    return (planes.flip(-1) if mirrored else planes).rot90(turns, (-2, -1))
