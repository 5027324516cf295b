"""A field cut into tiles, each seen with a border that is thrown away."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


class Span(NamedTuple):
    """Along one axis: the pixels that a tile decides, and those that it is shown."""

    core: slice
    window: slice


def spans(size: int, tile_px: int, halo_px: int, phase_px: int = 0) -> list[Span]:
    """Return the tiles along an axis of `size` pixels; every window has the same length.

    Cores begin at multiples of `tile_px` from `phase_px` on, and cover the axis. A window holds
    `halo_px` more on both sides; at the ends of the field it is moved inwards, not cut.

    >>> [(s.core.start, s.core.stop, s.window.start, s.window.stop) for s in spans(10, 4, 1)]
    [(0, 4, 0, 6), (4, 8, 3, 9), (8, 10, 4, 10)]
    """
    length = min(size, tile_px + 2 * halo_px)
    found = []
    for start, stop in pairwise([0, *range(phase_px or tile_px, size, tile_px), size]):
        first = min(max(0, start - halo_px), size - length)
        found.append(Span(slice(start, stop), slice(first, first + length)))
    return found


def assembled(
    predict: Callable[[Tensor], Tensor],
    images: Tensor,
    tile_px: int,
    halo_px: int,
    phase_px: int = 0,
) -> Tensor | None:
    """Return classes (B, Y, X) of images (B, C, Y, X), put together from tiles with a halo.

    None where one tile holds all.
    """
    height, width = images.shape[-2:]
    if max(height, width) <= tile_px:
        return None
    out = torch.zeros((len(images), height, width), dtype=torch.int64, device=images.device)
    for row in spans(height, tile_px, halo_px, phase_px):
        for column in spans(width, tile_px, halo_px, phase_px):
            seen = predict(images[..., row.window, column.window])
            out[:, row.core, column.core] = seen[:, within(row), within(column)]
    return out


def within(span: Span) -> slice:
    """Return where in its window a tile's core lies."""
    return slice(span.core.start - span.window.start, span.core.stop - span.window.start)


def near_seams(rows: list[Span], columns: list[Span], reach_px: int) -> Tensor:
    """Return the pixels (Y, X) no further than `reach_px` from a seam between two tiles, bool.

    >>> near_seams(spans(2, 4, 0), spans(6, 3, 0), 1).int().tolist()
    [[0, 0, 1, 1, 0, 0], [0, 0, 1, 1, 0, 0]]
    """
    lines = []
    for axis in (rows, columns):
        near = torch.zeros(axis[-1].core.stop, dtype=torch.bool)
        for span in axis[1:]:
            near[max(0, span.core.start - reach_px) : span.core.start + reach_px] = True
        lines.append(near)
    return lines[0][:, None] | lines[1][None]
