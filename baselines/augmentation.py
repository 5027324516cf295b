"""Augmentation of training crops, a batch at a time: image and mask are transformed together.

Every variation has a strength in the recipe; at 0 it is off and draws no random number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch.nn.functional import grid_sample, interpolate

from audit.imaging.blur import blur_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Generator, Tensor

    from baselines.recipe import Recipe

BEND_PX = 32
"""Spacing in px of the control points of an elastic deformation; it is interpolated in between."""

BLURS = 8
"""Number of strengths of blur; few, so that their matrices are made once."""


class Exposure(NamedTuple):
    """A change of intensities: times `gain`, plus `offset`, plus `noise`.

    For one crop gain and offset are scalars and noise is (C, S, S); for a batch they are
    (B, 1, 1, 1) and (B, C, S, S).
    """

    gain: Tensor
    offset: Tensor
    noise: Tensor

    @classmethod
    def drawn(cls, shape: torch.Size, recipe: Recipe, stream: Generator) -> Exposure:
        """Return a random change of intensities for one crop (C, S, S)."""
        gain, offset, grain = (float(torch.rand((), generator=stream)) for _ in range(3))
        noise = recipe.noise * grain * torch.randn(shape, generator=stream)
        contrast = recipe.contrast
        return cls(
            torch.tensor(1 + contrast * (2 * gain - 1)),
            torch.tensor(contrast * (2 * offset - 1)),
            noise,
        )

    @classmethod
    def of_batch(cls, crops: Sequence[Exposure]) -> Exposure:
        """Return the changes of single crops stacked as that of their batch."""
        gain, offset, noise = (torch.stack(part) for part in zip(*crops, strict=True))
        return cls(gain[:, None, None, None], offset[:, None, None, None], noise)

    def on(self, images: Tensor) -> Tensor:
        """Return images (B, C, S, S) with their intensities changed."""
        return images * self.gain + self.offset + self.noise


def varied(
    images: Tensor, masks: Tensor, light: Exposure, recipe: Recipe, stream: Generator
) -> tuple[Tensor, Tensor]:
    """Return crops (B, C, S, S) and masks (B, S, S) deformed, blurred, relit and partly erased.

    In the order in which it happens in a microscope: the specimen turns and bends, optics blur,
    the camera changes intensities and adds noise, dirt covers.
    """
    if recipe.rotation_deg or recipe.elastic:
        images, masks = moved(images, masks, recipe, stream)
    if recipe.blur:
        images = blurred(images, recipe.blur, stream)
    images = light.on(images)
    if recipe.erasing:
        images = erased(images, recipe.erasing, stream)
    return images, masks


def turned(planes: Tensor, mirrored: int, turns: int) -> Tensor:
    """Return planes (..., Y, X), mirrored where asked, then turned by quarters."""
    return (planes.flip(-1) if mirrored else planes).rot90(turns, (-2, -1))


def moved(
    images: Tensor, masks: Tensor, recipe: Recipe, stream: Generator
) -> tuple[Tensor, Tensor]:
    """Return crops and masks rotated and bent, each by amounts of its own, interpolated once."""
    count, side = images.shape[0], images.shape[-1]
    places = centres(side)
    if recipe.rotation_deg:
        angles = recipe.rotation_deg * (2 * torch.rand(count, generator=stream) - 1)
        places = rotated(places, angles)
    if recipe.elastic:
        places = places + bends(count, side, recipe.elastic, stream)
    return sampled(images, masks, places)


def centres(side: int) -> Tensor:
    """Return where pixels lie, (S, S, 2), across and down: the crop runs from -1 to 1.

    >>> centres(2)[0].tolist()
    [[-0.5, -0.5], [0.5, -0.5]]
    """
    lines = (2 * torch.arange(side) + 1) / side - 1
    return torch.stack(torch.meshgrid(lines, lines, indexing="xy"), -1)


def rotated(places: Tensor, angles_deg: Tensor) -> Tensor:
    """Return where pixels at places (S, S, 2) come from, (B, S, S, 2), in crops turned by angles.

    A positive angle turns from down to across, as `torch.rot90` does.

    >>> image = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> turn = rotated(centres(2), torch.tensor([90.0]))
    >>> sampled(image, image[:, 0].long(), turn)[1].tolist()
    [[[2, 4], [1, 3]]]
    """
    cosine, sine = angles_deg.deg2rad().cos(), angles_deg.deg2rad().sin()
    turns = torch.stack((cosine, sine, -sine, cosine), -1).reshape(-1, 2, 2)
    return (places.reshape(-1, 2) @ turns).reshape(-1, *places.shape)


def bends(count: int, side: int, spread_px: float, stream: Generator) -> Tensor:
    """Return how far pixels move in smooth deformations, (B, S, S, 2), in units of `centres`.

    Control points every BEND_PX move by normal numbers of standard deviation `spread_px`; pixels
    between them move by bicubic interpolation.
    Source: Simard, Steinkraus and Platt 2003, doi:10.1109/ICDAR.2003.1227801, on the coarse grid
    of Ronneberger, Fischer and Brox 2015, arXiv:1505.04597.
    """
    points = 1 + max(1, round(side / BEND_PX))
    moves = spread_px * torch.randn((count, 2, points, points), generator=stream)
    smooth = interpolate(moves, (side, side), mode="bicubic", align_corners=True)
    return smooth.movedim(1, -1) * 2 / side


def sampled(images: Tensor, masks: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
    """Return crops and masks whose pixels come from places (B, S, S, 2).

    Bilinear in the image, the nearest pixel of the mask; beyond the border the crop is mirrored.
    """
    image = grid_sample(images, places, "bilinear", "reflection", align_corners=False)
    mask = grid_sample(masks[:, None].float(), places, "nearest", "reflection", align_corners=False)
    return image, mask[:, 0].long()


def blurred(images: Tensor, largest_px: float, stream: Generator) -> Tensor:
    """Return crops (B, C, S, S), each blurred by a Gaussian of 0 to `largest_px`."""
    levels = torch.randint(BLURS, (len(images),), generator=stream).tolist()
    side = images.shape[-1]
    matrices = [
        blur_matrix(side, level * largest_px / (BLURS - 1)) if level else torch.eye(side)
        for level in levels
    ]
    lines = torch.stack(matrices)[:, None]
    return lines @ images @ lines.mT


def erased(images: Tensor, largest: float, stream: Generator) -> Tensor:
    """Return crops in which a rectangle, up to `largest` of the area, is set to the crop's mean.

    One side is at most twice as long as the other. The mask stays as it is: the network is to fill
    in what is covered from around it. Source: Zhong et al. 2017, arXiv:1708.04896.
    """
    area, aspect, top, left = torch.rand((4, len(images), 1), generator=stream)
    sides = (largest * area).sqrt()
    stretch = 2 ** (aspect - 0.5)
    rows, columns = (
        within(images.shape[-1], start, (sides * factor).clamp_max(1))
        for start, factor in ((top, stretch), (left, 1 / stretch))
    )
    inside = (rows[:, :, None] & columns[:, None, :])[:, None]
    return torch.where(inside, images.mean((-2, -1), keepdim=True), images)


def within(side: int, start: Tensor, length: Tensor) -> Tensor:
    """Return which pixels (B, side) of a line lie in an interval, its length a share of the line.

    `start` 0 puts it at the beginning of the line, 1 at the end.
    """
    first = start * (1 - length) * side
    at = torch.arange(side) + 0.5
    return (at >= first) & (at < first + length * side)
