"""What the numbers of a mask mean, told from a few masks or asked of the user.

A number may name an object or a kind of pixel, and no file says which. Guessing wrong merges
touching cells or counts a class as one cell, so the rules are few and doubt is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from audit.datasets.files import is_binary, read_instances
from audit.errors import DataError
from audit.images.reading import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.datasets.files import Labels, Truth

Meaning = Literal["auto", "instances", "classes"]

_LOOKED_AT = 5
_MANY = 12
_PIECES_OF_A_CLASS = 3.0


def meaning(truths: Sequence[tuple[Truth, ...]], labels: Meaning) -> Labels:
    """Return what the masks' numbers mean, for "auto" from five masks spread over the dataset.

    - many files an image, one an object: instances;
    - nothing but {0, 1} or {0, 255} in any mask: classes, and the objects stay unknown, since
      numbering the connected pieces would merge cells that touch;
    - more than 12 numbers in a mask, or every number one connected piece: instances;
    - numbers of three pieces and more on average: classes.

    Raises DataError where none of these holds; a mask that cannot be read decides nothing.
    """
    if labels != "auto":
        return labels
    if any(len(truth) > 1 for truth in truths):
        return "instances"
    step = max(1, len(truths) // _LOOKED_AT)
    looked = (_readable(truth) for truth in truths[::step][:_LOOKED_AT])
    return _told_by([array for array in looked if array is not None], plain(truths[0][0]))


def told_by(numbers: Sequence[NDArray[np.int32]], name: str) -> Labels:
    """Return what numbers in memory mean, from five masks spread over them; errors bear `name`."""
    step = max(1, len(numbers) // _LOOKED_AT)
    return _told_by(numbers[::step][:_LOOKED_AT], name)


def _told_by(numbers: Sequence[NDArray[np.int32]], name: str) -> Labels:
    """Return what the numbers of a few masks mean."""
    if all(is_binary(array) for array in numbers):
        return "classes"
    return _from_pieces(numbers, name)


def _readable(truth: tuple[Truth, ...]) -> NDArray[np.int32] | None:
    """Return the numbers of a mask, or nothing where it will be refused later."""
    try:
        return read_instances(truth)
    except DataError:
        return None


def _from_pieces(numbers: Sequence[NDArray[np.int32]], name: str) -> Labels:
    """Return instances or classes by how many connected pieces a number has on average."""
    pieces, values = 0, 0
    for array in numbers:
        present = np.unique(array[array > 0])
        if present.size > _MANY:
            return "instances"
        values += present.size
        pieces += sum(_pieces(array == value) for value in present)
    if pieces == values:
        return "instances"
    if pieces >= _PIECES_OF_A_CLASS * values:
        return "classes"
    raise DataError(
        f"{name}: its numbers could be objects or classes; "
        'say labels="instances" or labels="classes"'
    )


def _pieces(where: NDArray[np.bool_]) -> int:
    """Return the number of connected pieces, corners included."""
    from scipy.ndimage import label

    return int(label(where, structure=np.ones((3, 3)))[1])
