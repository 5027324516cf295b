"""Images of any size for a network that takes some sizes only, and gives the middle of them only.

An image is continued by reflection as far as sizes and borders ask for; one that is larger than a
fixed size is cut into tiles that overlap by the border.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor


class Size(NamedTuple):
    """Which sizes an axis may have: `least`, and from there on steps of `step`; 0: only that."""

    least: int = 1
    step: int = 1

    def __str__(self) -> str:
        """Return the sizes as a card has them."""
        if not self.step:
            return f"{self.least}"
        return "any" if (self.least, self.step) == (1, 1) else f"{self.least} + {self.step} n"

    def fitting(self, size: int) -> int:
        """Return the smallest allowed size that is not below another.

        >>> Size(64, 16).fitting(70), Size(256, 0).fitting(300)
        (80, 256)
        """
        if size <= self.least or not self.step:
            return self.least
        return self.least + -(-(size - self.least) // self.step) * self.step


class Sized(NamedTuple):
    """One axis of an image: its sizes, and what of a result is cut off at each end, in px.

    The result is smaller than what was shown by `margin` at each end; of it, `halo` is not used.
    """

    size: Size
    halo: int = 0
    margin: int = 0


class Cuts(NamedTuple):
    """How one axis is cut: the pixels that are shown, where pieces begin, and what each gives."""

    shown: Tensor
    starts: tuple[int, ...]
    length: int
    gives: int


def placed(images: Tensor, y: Sized, x: Sized, called: Callable[[Tensor], Tensor]) -> Tensor:
    """Return the answer (B, K, Y, X) of a network for every pixel of images (B, C, Y, X).

    `called` is shown images of sizes that it takes; ModelError where its answer is of another size.
    """
    rows, columns = cuts(images.shape[-2], y), cuts(images.shape[-1], x)
    shown = images[..., rows.shown.to(images.device), :]
    shown = shown[..., columns.shown.to(images.device)]

    def piece(top: int, left: int) -> Tensor:
        """Return the answer for one piece, without the border that is not used."""
        seen = shown[..., top : top + rows.length, left : left + columns.length]
        found = called(seen)
        expected = (rows.length - 2 * y.margin, columns.length - 2 * x.margin)
        if tuple(found.shape[-2:]) != expected:
            raise ModelError(
                f"gave {tuple(found.shape[-2:])} px (Y, X) for {tuple(seen.shape[-2:])}, "
                f"declared are {expected}"
            )
        return found[..., y.halo : y.halo + rows.gives, x.halo : x.halo + columns.gives]

    bands = [
        joined([piece(top, left) for left in columns.starts], columns, -1) for top in rows.starts
    ]
    return joined(bands, rows, -2)


def cuts(length: int, sized: Sized) -> Cuts:
    """Return how an axis is shown: whole where its sizes allow, else in pieces of a fixed size."""
    border = sized.halo + sized.margin
    size = sized.size
    if size.step or length + 2 * border <= size.least:
        wanted = size.fitting(length + 2 * border)
        return Cuts(reflected(length, border, wanted - length - border), (0,), wanted, length)
    gives = size.least - 2 * border
    if gives <= 0:
        raise ModelError(f"a size of {size.least} px leaves nothing within a halo of {border} px")
    starts = (*range(0, length - gives, gives), length - gives)
    return Cuts(reflected(length, border, border), starts, size.least, gives)


def reflected(length: int, before: int, after: int) -> Tensor:
    """Return which pixel of an axis stands where, continued by reflection at both ends.

    >>> reflected(3, 1, 4).tolist()
    [1, 0, 1, 2, 1, 0, 1, 2]
    """
    return torch.from_numpy(np.pad(np.arange(length), (before, after), mode="reflect"))


def joined(pieces: Sequence[Tensor], cut: Cuts, axis: int) -> Tensor:
    """Return pieces side by side; where two overlap, the later one begins after the earlier."""
    overlaps = [0, *(a + cut.gives - b for a, b in pairwise(cut.starts))]
    kept = [
        piece.narrow(axis, over, piece.shape[axis] - over)
        for piece, over in zip(pieces, overlaps, strict=True)
    ]
    return kept[0] if len(kept) == 1 else torch.cat(kept, axis)
