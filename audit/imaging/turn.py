"""The eight orientations of a field: quarter turns, with and without a mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

ORIENTATIONS = {
    "upright": (0, False),
    "turned_90": (1, False),
    "turned_180": (2, False),
    "turned_270": (3, False),
    "mirrored": (0, True),
    "mirrored_90": (1, True),
    "mirrored_180": (2, True),
    "mirrored_270": (3, True),
}
"""Quarter turns, and whether left and right are exchanged before."""


def turned(planes: Tensor, orientation: str) -> Tensor:
    """Return planes (..., Y, X) in another orientation.

    >>> import torch
    >>> turned(torch.tensor([[1, 2], [3, 4]]), "mirrored_90").tolist()
    [[1, 3], [2, 4]]
    """
    quarters, mirrored = ORIENTATIONS[orientation]
    flipped = planes.flip(-1) if mirrored else planes
    return flipped.rot90(quarters, (-2, -1))


def turned_back(planes: Tensor, orientation: str) -> Tensor:
    """Return planes (..., Y, X) that were turned, as they were.

    >>> import torch
    >>> turned_back(torch.tensor([[1, 3], [2, 4]]), "mirrored_90").tolist()
    [[1, 2], [3, 4]]
    """
    quarters, mirrored = ORIENTATIONS[orientation]
    back = planes.rot90(-quarters, (-2, -1))
    return back.flip(-1) if mirrored else back
