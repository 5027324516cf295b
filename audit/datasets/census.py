"""What the masks of a set hold, counted one mask at a time: numbers, pieces, greys, enclosures.

Memory does not grow with the set: numbers are kept one by one only up to a limit, and of the
pixels nothing is kept. Connected pieces are looked at until they are surely clear; which numbers
occur, and whether they are greys rather than labels, is looked at in every mask.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from audit.datasets.greys import LEAST, SHARE, are_greys, squares
from audit.datasets.numbers import mapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MOST_NUMBERS = 4096
"""Different numbers that are told apart; beyond them only how many there are at most matters."""

FULL = (255, 65535)
"""The highest numbers of 8 and of 16 bits, which often stand for what nobody judged."""

SURE = 64
"""Masks with foreground after which pieces that are clear are looked at no more."""

ONE_PIECE, MANY_PIECES = 1.25, 3.0
"""Pieces that a number has on average: at most for an object, and at least for a class."""

_BINS = 2**16


class Census:
    """What was seen in the masks so far, after a mapping; `held` are their numbers in the files.

    `beside` are the highest numbers of 8 or 16 bits that shared a mask with another, `rims` those
    that were thin in some mask, `grey` the names of masks that hold greys.
    """

    def __init__(self, mapping: Mapping[int, int]) -> None:
        self.mapping = mapping
        self.masks = self.filled = 0
        self.held: set[int] = set()
        self.numbers: set[int] = set()
        self.areas: Counter[int] = Counter()
        self.background = False
        self.objects: tuple[int, int] | None = None
        self.pairs = self.pieces = self.enclosed = 0
        self.grey: list[str] = []
        self.rims: set[int] = set()
        self.beside: set[int] = set()

    def add(self, raw: NDArray[np.int32], name: str) -> None:
        """Count one mask (Y, X) of the set."""
        held, areas = counted(raw)
        self._keep(self.held, held)
        numbers = mapped(raw, self.mapping)
        present, shares = counted(numbers) if self.mapping else (held, areas)
        self.background |= bool((present == 0).any())
        objects = present[present > 0]
        self._keep(self.numbers, present)
        self._weigh(present, shares)
        self.masks += 1
        self.filled += bool(objects.size)
        least, most = self.objects or (objects.size, objects.size)
        self.objects = min(least, int(objects.size)), max(most, int(objects.size))
        if objects.size > 1:
            self.beside.update({*objects.tolist()} & {*FULL})
        if objects.size:
            positive = numbers if present[0] >= 0 else np.maximum(numbers, 0)
            self._look(positive, objects, name)

    def _keep(self, known: set[int], present: NDArray[np.int64]) -> None:
        """Add the numbers of a mask: all as long as there is room, then those that tell."""
        if len(known) < MOST_NUMBERS:
            known.update(present.tolist())
        else:
            known.update(n for n in present.tolist() if n < 0 or n in FULL)

    def _weigh(self, present: NDArray[np.int64], shares: NDArray[np.int64]) -> None:
        """Add areas, as long as there are few numbers."""
        if len(self.areas) < MOST_NUMBERS:
            self.areas.update(dict(zip(present.tolist(), shares.tolist(), strict=True)))

    def _look(self, numbers: NDArray[np.int32], objects: NDArray[np.int64], name: str) -> None:
        """Look for greys always, at pieces until they are clear."""
        if self.clear and objects.size < LEAST:
            return
        broad = numbers[1:-1, 1:-1][squares(numbers)]
        loose = np.setdiff1d(objects, counted(broad)[0] if broad.size else broad)
        if self.clear and loose.size < max(LEAST, SHARE * objects.size):
            return
        found = pieces(numbers)
        if are_greys(numbers, loose, objects.size - loose.size, found):
            self.grey.append(name)
        if self.clear:
            return
        self.rims.update(loose.tolist())
        self.pairs += int(objects.size)
        self.pieces += int(found.max())
        self.enclosed += enclosed(numbers)

    @property
    def clear(self) -> bool:
        """Whether so many masks agree that further ones would change nothing."""
        alone = len(self.foreground) <= 1
        return self.filled > SURE and (alone or not ONE_PIECE < self.a_number < MANY_PIECES)

    @property
    def a_number(self) -> float:
        """Connected pieces that a number of a mask has on average."""
        return self.pieces / self.pairs if self.pairs else 0.0

    @property
    def foreground(self) -> list[int]:
        """The numbers above 0, as mapped, in order."""
        return sorted(number for number in self.numbers if number > 0)

    @property
    def strange(self) -> list[int]:
        """Negative numbers in the files that nobody said anything of."""
        return sorted(n for n in self.held if n < 0 and n not in self.mapping)


def counted(numbers: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of a mask in order, and how many pixels each has.

    >>> [one.tolist() for one in counted(np.array([[0, 0, 7], [7, 7, -1]], np.int32))]
    [[-1, 0, 7], [1, 2, 3]]
    """
    values, lengths = runs(numbers.ravel())
    low, high = int(values.min()), int(values.max())
    if high >= _BINS or low <= -_BINS:
        found, places = np.unique(values, return_inverse=True)
        return found.astype(np.int64), np.bincount(places, lengths).astype(np.int64)
    least = min(low, 0)
    areas = np.bincount(values - least, lengths).astype(np.int64)
    present = np.flatnonzero(areas)
    return present + least, areas[present]


def runs(line: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the number of each run of equal pixels (N,), and its length: masks have few.

    >>> [one.tolist() for one in runs(np.array([5, 5, 0, 5], np.int32))]
    [[5, 0, 5], [2, 1, 1]]
    """
    starts = np.concatenate(([0], np.flatnonzero(line[1:] != line[:-1]) + 1))
    return line[starts], np.diff(starts, append=line.size)


def pieces(numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the numbers (Y, X) from 1 of the connected pieces of one number, corners included.

    >>> pieces(np.array([[4, 0, 4], [4, 0, 2]], np.int32)).tolist()
    [[1, 0, 2], [1, 0, 3]]
    """
    from skimage.measure import label

    found: NDArray[np.int32] = label(numbers, background=0, connectivity=2)  # type: ignore[no-untyped-call]
    return found


def enclosed(numbers: NDArray[np.int32]) -> int:
    """Return how many numbers lie wholly within one other, as a nucleus lies within its cell.

    >>> enclosed(np.pad(np.array([[2]], np.int32), 1, constant_values=1))
    1
    """
    framed = np.pad(numbers, 1).astype(np.int64)
    pairs = [(framed[1:], framed[:-1]), (framed[:, 1:], framed[:, :-1])]
    sides = [np.stack((a[a != b], b[a != b]), 1) for a, b in pairs]
    touching = np.unique(np.concatenate([*sides, *(one[:, ::-1] for one in sides)]), axis=0)
    inner, neighbours = np.unique(touching[:, 0], return_counts=True)
    alone = inner[(neighbours == 1) & (inner > 0)]
    around = touching[np.isin(touching[:, 0], alone), 1]
    return int((around > 0).sum())
