"""Content of an image moved to another place of it, so that no seam tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy import ndimage, signal

from audit.imaging.objects import grown

if TYPE_CHECKING:
    from torch import Generator, Tensor

Offset = tuple[int, int]
"""Rows and columns from one place to another."""

TRIES = 24
"""Places of which the one with the best fitting surroundings is taken."""


@dataclass(frozen=True)
class Stencil:
    """What of an image is replaced: `weight` (Y, X), 1 inside, falling to 0 across a soft rim.

    `body` (Y, X) is the object itself, without its surroundings.
    """

    body: Tensor
    weight: Tensor

    @property
    def support(self) -> Tensor:
        """All pixels (Y, X) that change, bool."""
        return self.weight > 0

    @property
    def rim(self) -> Tensor:
        """The pixels (Y, X) where old and new content mix: where their brightness is matched."""
        return (self.weight > 0) & (self.weight < 1)

    def moved(self, offset: Offset) -> Stencil:
        """Return the same stencil elsewhere."""
        return Stencil(moved(self.body, offset), moved(self.weight, offset))


def stencil(body: Tensor, halo_px: int, feather_px: int) -> Stencil:
    """Return an object (Y, X) with its halo, and around that a rim in which contents mix."""
    inner = grown(body, halo_px)
    away = ndimage.distance_transform_edt(~inner.cpu().numpy())
    weight = np.clip(1 - away / (feather_px + 1), 0, 1)
    return Stencil(body > 0, torch.from_numpy(weight.astype(np.float32)).to(body.device))


def moved(plane: Tensor, offset: Offset) -> Tensor:
    """Return a plane (Y, X) shifted by whole pixels; what leaves the field is lost.

    >>> moved(torch.tensor([[1, 2], [3, 4]]), (1, 0)).tolist()
    [[0, 0], [1, 2]]
    """
    out = torch.zeros_like(plane)
    (to_y, from_y), (to_x, from_x) = (
        span(size, step) for size, step in zip(plane.shape, offset, strict=True)
    )
    out[to_y, to_x] = plane[from_y, from_x]
    return out


def span(size: int, step: int) -> tuple[slice, slice]:
    """Return where a line of pixels goes, and where it comes from, when moved by a step."""
    return slice(max(0, step), max(0, size + min(0, step))), slice(
        max(0, -step), max(0, size - max(0, step))
    )


def places(shape: Tensor, ground: Tensor) -> list[Offset]:
    """Return every offset that brings a shape (Y, X) wholly onto ground (Y, X) inside the field."""
    rows, columns = (torch.nonzero(shape.any(1 - axis)).flatten() for axis in (0, 1))
    if not len(rows):
        return []
    top, left = int(rows[0]), int(columns[0])
    small = shape[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1].cpu().numpy()
    blocked = (~ground.cpu().numpy()).astype(np.float64)
    hits = signal.correlate(blocked, small.astype(np.float64), "valid", "fft")
    found = np.argwhere(hits < 0.5)  # noqa: PLR2004 (counts of pixels, up to rounding)
    return [(int(y) - top, int(x) - left) for y, x in found]


def fitting_place(
    image: Tensor, target: Stencil, offsets: list[Offset], generator: Generator
) -> Offset:
    """Return the source of some offsets whose surroundings resemble those of the target most.

    Of TRIES offsets drawn at random (there is one at least), that with the smallest spread of
    difference along the rim of an image (C, Y, X).
    """
    drawn: list[int] = torch.randint(len(offsets), (TRIES,), generator=generator).tolist()
    tried = [offsets[i] for i in drawn]
    spreads = [mismatch(image, target, offset) for offset in tried]
    return tried[spreads.index(min(spreads))]


def mismatch(image: Tensor, target: Stencil, offset: Offset) -> float:
    """Return the standard deviation along the rim of what differs between two places."""
    y, x = torch.nonzero(target.rim, as_tuple=True)
    there = image[:, y + offset[0], x + offset[1]]
    return float((image[:, y, x] - there).std(correction=0)) if len(y) else 0.0


def transplant(image: Tensor, target: Stencil, source: Tensor, offset: Offset) -> Tensor:
    """Return an image (C, Y, X) whose target is covered by what lies at an offset in the source.

    Source (C, Y, X) may be the same image. The mean difference along the rim is added in each
    channel, and within the rim old and new content mix linearly, so that neither brightness nor
    an edge betrays the operation. Texture, and with it noise, is that of the source.
    """
    out = image.clone()
    y, x = torch.nonzero(target.support, as_tuple=True)
    there, here = source[:, y + offset[0], x + offset[1]], image[:, y, x]
    weight = target.weight[y, x].to(image)
    rim = weight < 1
    if bool(rim.any()):
        there = there + (here - there)[:, rim].mean(1, keepdim=True)
    out[:, y, x] = here + weight * (there - here)
    return out
