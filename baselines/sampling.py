"""Where training crops are cut: anywhere, or more often where a class is rare."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch.nn.functional import interpolate

from audit.imaging.resample import resample
from audit.meaning import IGNORE
from baselines.augmentation import Exposure, turned, varied

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from baselines.recipe import Recipe


class CropWindow(NamedTuple):
    """A square of an image: its number, its upper left corner and its side in px."""

    image: int
    top: int
    left: int
    side: int


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
        drawn = [self.crop() for _ in range(self.recipe.batch)]
        images, masks = varied(
            torch.stack([image for image, _, _ in drawn]),
            torch.stack([mask for _, mask, _ in drawn]),
            Exposure.of_batch([light for _, _, light in drawn]),
            self.recipe,
            self.stream,
        )
        return images.contiguous(memory_format=torch.channels_last), masks

    def crop(self) -> tuple[Tensor, Tensor, Exposure]:
        """Return one crop, turned, mirrored and zoomed, its mask, and the light to come on it."""
        image, mask = self.cut(self.window())
        if self.recipe.turns:
            mirrored, turns = self.whole(2), self.whole(4)
            image, mask = (turned(one, mirrored, turns) for one in (image, mask))
        return image, mask, Exposure.drawn(image.shape, self.recipe, self.stream)

    def window(self) -> CropWindow:
        """Return a random square of a random size in a random image."""
        if self.recipe.oversampling and self.share() < self.recipe.oversampling:
            return self.window_on_class()
        chosen = self.whole(len(self.images))
        height, width = self.masks[chosen].shape
        side = self.side(height, width)
        return CropWindow(chosen, self.whole(height - side + 1), self.whole(width - side + 1), side)

    def window_on_class(self) -> CropWindow:
        """Return a square around a random pixel of a class drawn at even odds, inside the image."""
        number, holders = self.holders[self.whole(len(self.holders))]
        chosen = holders[self.whole(len(holders))]
        pixels = (self.masks[chosen] == number).nonzero()
        middle = pixels[self.whole(len(pixels))].tolist()
        height, width = self.masks[chosen].shape
        side = self.side(height, width)
        top, left = (
            min(max(at - side // 2, 0), edge - side)
            for at, edge in zip(middle, (height, width), strict=True)
        )
        return CropWindow(chosen, top, left, side)

    @cached_property
    def holders(self) -> list[tuple[int, list[int]]]:
        """Return each class that the masks hold, with the numbers of the masks that hold it."""
        held = [torch.bincount(mask[mask != IGNORE]) for mask in self.masks]
        by_class = {
            number: [image for image, counts in enumerate(held) if number in counts.nonzero()]
            for number in range(max(map(len, held)))
        }
        return [(number, images) for number, images in by_class.items() if images]

    def side(self, height: int, width: int) -> int:
        """Return a random side of a window that fits into an image."""
        zoom = 1 + self.recipe.zoom * (2 * self.share() - 1)
        return min(round(self.recipe.crop_px * zoom), height, width)

    def cut(self, window: CropWindow) -> tuple[Tensor, Tensor]:
        """Return what a window shows, brought to the crop's size, and its mask."""
        rows = slice(window.top, window.top + window.side)
        columns = slice(window.left, window.left + window.side)
        image = self.images[window.image][:, rows, columns]
        mask = self.masks[window.image][rows, columns]
        size = (self.recipe.crop_px, self.recipe.crop_px)
        if mask.shape == size:
            return image, mask
        larger = interpolate(mask[None, None].float(), size, mode="nearest-exact")
        return resample(image[None], size)[0], larger[0, 0].long()

    def whole(self, below: int) -> int:
        """Return a random whole number from 0 to below - 1."""
        return int(torch.randint(below, (), generator=self.stream))

    def share(self) -> float:
        """Return a random number in 0..1."""
        return float(torch.rand((), generator=self.stream))
