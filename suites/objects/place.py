"""Where in the image an object lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import find_objects

if TYPE_CHECKING:
    from numpy.typing import NDArray


def distance_from_frame(labels: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many pixels lie between each object and the frame of the image; 0 touches it.

    >>> distance_from_frame(np.array([[0, 0, 0], [0, 4, 0], [0, 0, 0]]), np.array([4])).tolist()
    [1]
    """
    places = np.searchsorted(numbers, labels).clip(max=max(len(numbers) - 1, 0))
    boxes = find_objects(np.where(labels > 0, places + 1, 0), len(numbers))
    sizes = labels.shape
    gaps = [
        min(min(box.start, size - box.stop) for box, size in zip(boxed, sizes, strict=True))
        for boxed in boxes
    ]
    return np.array(gaps, np.int64)


def centres(labels: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean row and column (N, 2) of the pixels of each object.

    >>> centres(np.array([[0, 4, 4], [0, 4, 4]]), np.array([4])).tolist()
    [[0.5, 1.5]]
    """
    rows, columns = np.nonzero(labels > 0)
    places = np.searchsorted(numbers, labels[rows, columns])
    many = np.bincount(places, minlength=len(numbers))
    sums = [np.bincount(places, axis, len(numbers)) for axis in (rows, columns)]
    return np.stack(sums, 1) / many[:, None]
