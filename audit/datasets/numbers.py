"""Mask numbers as what they were said to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.meaning import IGNORE, MaskMeaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def mapped(numbers: NDArray[np.int32], mapping: Mapping[int, int]) -> NDArray[np.int32]:
    """Return mask numbers (Y, X) as what they were said to be; what is not said stays.

    >>> mapped(np.array([[0, 1, 255]], np.int32), {255: -1}).tolist()
    [[0, 1, -1]]
    """
    if not mapping:
        return numbers
    found = numbers.copy()
    for number, goal in mapping.items():
        found[numbers == number] = goal
    return found


def classes_of(numbers: NDArray[np.int32], meaning: MaskMeaning) -> NDArray[np.int64]:
    """Return the classes (Y, X) of mask numbers; 1 for any object or foreground, IGNORE stays.

    >>> classes_of(np.array([[0, 4, 9]], np.int32), MaskMeaning(kind="binary", mapping={9: -1}))
    array([[ 0,  1, -1]])
    """
    found = mapped(numbers, meaning.mapping).astype(np.int64)
    return found if meaning.kind == "classes" else found.clip(IGNORE, 1)


def objects_of(numbers: NDArray[np.int32], meaning: MaskMeaning) -> NDArray[np.int32]:
    """Return the object numbers (Y, X) of mask numbers, 0 where nobody judged.

    >>> objects_of(np.array([[0, 4, 9]], np.int32), MaskMeaning(kind="instances", mapping={9: -1}))
    array([[0, 4, 0]], dtype=int32)
    """
    return np.maximum(mapped(numbers, meaning.mapping), 0)
