"""Which objects of two segmentations of one image are the same, and what became of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Correspondence:
    """What became of the objects of one segmentation in another.

    Two objects are partners where they share more than half of the smaller one. `lost` and
    `gained` have no partner, `split` has several, `merged` is the partner of several; `kept` holds
    the IoU of each pair whose two objects are partners of each other alone.
    """

    lost: int = 0
    gained: int = 0
    split: int = 0
    merged: int = 0
    kept: tuple[float, ...] = ()

    def __add__(self, other: Correspondence) -> Correspondence:
        """Return both together, as for two classes of one image."""
        return Correspondence(
            self.lost + other.lost,
            self.gained + other.gained,
            self.split + other.split,
            self.merged + other.merged,
            self.kept + other.kept,
        )


def correspondence(
    one: NDArray[np.int64], other: NDArray[np.int64], least_area_px: int = 1
) -> Correspondence:
    """Return what became of objects; both (Y, X) number them from 1, in any order.

    Objects of fewer pixels than `least_area_px`, in either, are not looked at.

    >>> before, after = np.array([[1, 1, 0, 2, 2, 2, 0, 0]]), np.array([[0, 0, 0, 1, 1, 0, 2, 2]])
    >>> correspondence(before, after)
    Correspondence(lost=1, gained=1, split=0, merged=0, kept=(0.6666666666666666,))
    """
    first, second = np.bincount(one.ravel()), np.bincount(other.ravel())
    shared = np.zeros((len(first), len(second)), np.int64)
    np.add.at(shared, (one.ravel(), other.ravel()), 1)
    smaller = np.minimum(first[:, None], second[None])
    partners = (2 * shared > smaller) & (smaller >= least_area_px)
    partners[0], partners[:, 0] = False, False
    of_first, of_second = partners.sum(1), partners.sum(0)
    alone = partners & (of_first[:, None] == 1) & (of_second[None] == 1)
    union = first[:, None] + second[None] - shared
    return Correspondence(
        lost=unpaired(first, of_first, least_area_px),
        gained=unpaired(second, of_second, least_area_px),
        split=int((of_first > 1).sum()),
        merged=int((of_second > 1).sum()),
        kept=tuple((shared[alone] / union[alone]).tolist()),
    )


def unpaired(areas: NDArray[np.int64], partners: NDArray[np.int64], least_area_px: int) -> int:
    """Return how many objects, large enough, have no partner; number 0 is background."""
    return int(((areas >= max(1, least_area_px)) & (partners == 0))[1:].sum())
