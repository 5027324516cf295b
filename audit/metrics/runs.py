"""Runs of equal pixels: an object is some runs a row, so that work on runs is work saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def runs(*lines: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the starts (N,) of the runs in which flat label images are all constant, and lengths.

    >>> [found.tolist() for found in runs(np.array([5, 5, 0, 0]), np.array([1, 1, 1, 2]))]
    [[0, 2, 3], [2, 1, 1]]
    """
    changes = np.zeros(len(lines[0]) - 1, bool)
    for line in lines:
        changes |= line[1:] != line[:-1]
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
    return starts, np.diff(starts, append=len(lines[0]))
