"""A field cut into tiles, each seen with a border that is thrown away."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import torch

if TYPE_CHECKING:
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
