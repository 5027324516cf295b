"""What people measure on objects: area, perimeter, intensity, neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.metrics.neighbours import touching
from audit.metrics.runs import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROPERTIES = ("area", "perimeter", "intensity", "neighbours")
"""Area and perimeter in px, mean intensity in the image's units, number of touching objects."""


def morphology(
    labels: NDArray[np.integer], image: NDArray[np.floating]
) -> dict[str, NDArray[np.float64]]:
    """Return each property of every object (N,), in the order of their numbers.

    `labels` (Y, X) number objects from 1, what is below 1 is none; `image` (Y, X). The perimeter is
    the number of sides that pixels of an object share with anything else, times pi / 4, which is
    right for a disc on average over directions.

    >>> found = morphology(np.array([[3, 3, 8]]), np.array([[1.0, 2.0, 5.0]]))
    >>> found["area"].tolist(), found["intensity"].tolist(), found["neighbours"].tolist()
    ([2.0, 1.0], [1.5, 5.0], [1.0, 1.0])
    """
    numbers, places = ranked(labels)
    many = len(numbers)
    area = np.bincount(places.ravel(), minlength=many).astype(float)
    light = np.bincount(places.ravel(), image.ravel(), many)
    partners = np.bincount(np.searchsorted(numbers, touching(labels)).ravel(), minlength=many)
    found = {
        "area": area,
        "perimeter": sides(places, many) * np.pi / 4,
        "intensity": light / area,
        "neighbours": partners.astype(float),
    }
    return {name: values[numbers > 0] for name, values in found.items()}


def ranked(labels: NDArray[np.integer]) -> tuple[NDArray[np.integer], NDArray[np.intp]]:
    """Return the numbers (N,) of a label image in order, and the place (Y, X) of each pixel's.

    >>> [found.tolist() for found in ranked(np.array([[9, 9], [0, 2]]))]
    [[0, 2, 9], [[2, 2], [0, 1]]]
    """
    flat = labels.reshape(-1)
    starts, lengths = runs(flat)
    numbers, places = np.unique(flat[starts], return_inverse=True)
    return numbers, np.repeat(places, lengths).reshape(labels.shape)


def sides(places: NDArray[np.intp], many: int) -> NDArray[np.float64]:
    """Return how many sides of pixels of each place lie on another place, or on the frame.

    >>> sides(np.array([[0, 1, 1, 0]]), 2).tolist()
    [8.0, 6.0]
    """
    framed = np.pad(places, 1, constant_values=-1)
    inner = framed[1:-1, 1:-1]
    around = (framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:])
    open_sides = sum((inner != beside).astype(int) for beside in around)
    return np.bincount(inner.ravel(), np.asarray(open_sides, float).ravel(), many).astype(float)
