"""Whether a mask's numbers are greys that were left by averaging, enlarging or JPEG, and no labels.

An edge that was averaged has numbers between those of its two sides: thin everywhere, in company
of further numbers, each of them in several places. An object's number is in one place; a class has
some width somewhere. Where objects were numbered before they were averaged, the greys of one are
the numbers of others: each then has one body, and scraps along the edges of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST = 3
"""Fewer thin numbers than this in a mask may be a class of boundaries."""

SHARE = 0.5
"""The share of a mask's numbers that are thin, and of their pixels that have company, at least."""

SCATTER = 1.2
"""Pieces that a grey has on average, at least, and that a number with one body has at most."""

SCRAPS = 2.0
"""Scraps that a number has on average, at least, where objects were averaged."""

ENDS, STEEP = 0.1, 32
"""JPEG of high quality leaves numbers so near to the ends of a range that is at least so wide."""


def squares(numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return where (Y - 2, X - 2) the 3 x 3 pixels of a mask (Y, X) are of one number."""
    down = numbers[1:] == numbers[:-1]
    same = down[:, 1:] & down[:, :-1] & (numbers[:, 1:] == numbers[:, :-1])[1:]
    square: NDArray[np.bool_] = same[1:, 1:] & same[1:, :-1] & same[:-1, 1:] & same[:-1, :-1]
    return square


def are_greys(
    numbers: NDArray[np.int32], loose: NDArray[np.int64], wide: int, pieces: NDArray[np.int32]
) -> bool:
    """Say whether a mask (Y, X) holds the greys of edges.

    `loose` are its numbers that nowhere fill 3 x 3 pixels, `wide` is how many do, and `pieces`
    (Y, X) numbers its connected pieces.
    """
    if loose.size >= max(LEAST, SHARE * (loose.size + wide)):
        where = np.isin(numbers, loose)
        return scattered(numbers, pieces, where, SCATTER * loose.size)
    return wide >= LEAST and has_scraps(numbers, wide, pieces)


def has_scraps(numbers: NDArray[np.int32], wide: int, pieces: NDArray[np.int32]) -> bool:
    """Say whether numbers have one body each, and scraps along the edges of others."""
    bodies = np.unique(pieces[1:-1, 1:-1][squares(numbers) & (numbers[1:-1, 1:-1] > 0)])
    if bodies.size > SCATTER * wide:
        return False
    where = (numbers > 0) & ~np.isin(pieces, bodies)
    return scattered(numbers, pieces, where, SCRAPS * wide)


def scattered(
    numbers: NDArray[np.int32],
    pieces: NDArray[np.int32],
    where: NDArray[np.bool_],
    least: float,
) -> bool:
    """Say whether some pixels are of at least so many pieces, most of them beside others."""
    return np.unique(pieces[where]).size >= least and company(numbers, where) >= SHARE


def company(numbers: NDArray[np.int32], where: NDArray[np.bool_]) -> float:
    """Return the share of some pixels that touch a number which is neither theirs nor 0.

    >>> company(np.array([[1, 2, 0, 3]], np.int32), np.array([[True, True, False, True]]))
    0.6666666666666666
    """
    if not where.any():
        return 0.0
    framed = np.pad(numbers, 1)
    height, width = numbers.shape
    met = np.zeros(numbers.shape, bool)
    for down, across in ((0, 1), (1, 0), (1, 2), (2, 1), (0, 0), (0, 2), (2, 0), (2, 2)):
        other = framed[down : down + height, across : across + width]
        met |= (other != 0) & (other != numbers)
    return float(met[where].mean())


def near_ends(numbers: Sequence[int]) -> bool:
    """Say whether numbers above 0 lie at the two ends of a wide range alone, several at the top.

    >>> near_ends([1, 254, 255]), near_ends([1, 2, 255])
    (True, False)
    """
    if not numbers or numbers[-1] < STEEP:
        return False
    low = [one for one in numbers if one <= ENDS * numbers[-1]]
    high = [one for one in numbers if one >= (1 - ENDS) * numbers[-1]]
    return bool(low) and len(high) > 1 and len(low) + len(high) == len(numbers)
