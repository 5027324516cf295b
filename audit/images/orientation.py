"""Turning pixels as their file says they are shown: EXIF in JPEG and PNG, tag 274 in TIFF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAG = 274
UPRIGHT = 1
TURNS = {
    2: (False, 0, 1),
    3: (False, 1, 1),
    4: (False, 1, 0),
    5: (True, 0, 0),
    6: (True, 0, 1),
    7: (True, 1, 1),
    8: (True, 1, 0),
}
"""For each orientation: are rows and columns swapped, then are the rows, the columns reversed."""


def swaps(orientation: int) -> bool:
    """Say whether rows and columns are swapped when an image is shown."""
    return orientation in TURNS and TURNS[orientation][0]


def upright(planes: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return planes (..., Y, X) as they are shown; an unknown orientation is upright.

    >>> import numpy as np
    >>> upright(np.array([[1, 2], [3, 4]]), 6).tolist()
    [[3, 1], [4, 2]]
    """
    swapped, rows, columns = TURNS.get(orientation, (False, 0, 0))
    turned = planes.swapaxes(-1, -2) if swapped else planes
    turned = turned[..., ::-1, :] if rows else turned
    return turned[..., ::-1] if columns else turned
