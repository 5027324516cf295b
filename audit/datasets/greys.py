"""Whether a mask's numbers are greys that were left by averaging, enlarging or JPEG, and no labels.

An edge that was averaged has numbers between those of its two sides: thin everywhere, in company
of further numbers, each of them in several places. An object's number is in one place; a class has
some width somewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 3
"""Fewer thin numbers than this in a mask may be a class of boundaries."""

SHARE = 0.5
"""The share of a mask's numbers that are thin, and of their pixels that have company, at least."""

SCATTER = 1.2
"""Pieces that a grey has on average, at least."""


def loose_numbers(numbers: NDArray[np.int32], objects: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which of a mask's numbers nowhere fill 3 x 3 pixels."""
    same = (numbers[1:] == numbers[:-1])[:, 1:] & (numbers[1:] == numbers[:-1])[:, :-1]
    same &= (numbers[:, 1:] == numbers[:, :-1])[1:]
    square = same[1:, 1:] & same[1:, :-1] & same[:-1, 1:] & same[:-1, :-1]
    if not square.size:
        return objects
    wide = numbers[1:-1, 1:-1][square]
    thick = np.zeros(int(objects[-1]) + 1, bool) if objects[-1] < wide.size + 2**16 else None
    if thick is None:
        return np.setdiff1d(objects, wide)
    thick[wide] = True
    narrow: NDArray[np.int64] = objects[~thick[objects]]
    return narrow


def are_greys(
    numbers: NDArray[np.int32], objects: NDArray[np.int64], loose: NDArray[np.int64]
) -> bool:
    """Say whether most numbers of a mask (Y, X) are the greys of edges."""
    if loose.size < max(LEAST, SHARE * objects.size):
        return False
    where = np.isin(numbers, loose)
    if company(numbers, where) < SHARE:
        return False
    from skimage.measure import label

    found = int(label(np.where(where, numbers, 0), background=0, connectivity=2).max())  # type: ignore[no-untyped-call]
    return found >= SCATTER * loose.size


def company(numbers: NDArray[np.int32], where: NDArray[np.bool_]) -> float:
    """Return the share of some pixels that touch a number which is neither theirs nor 0.

    >>> company(np.array([[1, 2, 0, 3]], np.int32), np.array([[True, True, False, True]]))
    0.6666666666666666
    """
    framed = np.pad(numbers, 1)
    height, width = numbers.shape
    met = np.zeros(numbers.shape, bool)
    for down, across in ((0, 1), (1, 0), (1, 1), (1, 2), (0, 0), (0, 2), (2, 0), (2, 1), (2, 2)):
        other = framed[down : down + height, across : across + width]
        met |= (other != 0) & (other != numbers)
    return float(met[where].mean())
