"""Which objects of a label image touch each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Half of the eight neighbours of a pixel; the other half sees the same pairs."""

KEY = np.array([1 << 32, 1])
"""Makes one number of a pair of numbers below 2^31, which sorts faster than two."""


def touching(labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the pairs (N, 2) of numbers of objects that touch, also at a corner; lower first.

    `labels` (Y, X) number objects from 1; what is below 1 is no object.

    >>> touching(np.array([[1, 1, 0, 3], [2, 0, 0, 3]])).tolist()
    [[1, 2]]
    """
    found = [beside(labels, *step) for step in STEPS]
    return np.unique(np.concatenate(found), axis=0)


def beside(labels: NDArray[np.integer], down: int, across: int) -> NDArray[np.int64]:
    """Return the pairs (N, 2) of different objects that a step from pixel to pixel joins."""
    height, width = labels.shape
    left, right = max(0, -across), max(0, across)
    one = labels[: height - down, left : width - right]
    other = labels[down:, right : width - left]
    joined = (one != other) & (one > 0) & (other > 0)
    both = np.sort(np.stack([one[joined], other[joined]], 1).astype(np.int64), 1)
    return both[np.unique(both @ KEY, return_index=True)[1]]
