"""Straight lines along which the objects of label images are cut: what tiles leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST_CUT = 3
"""Fewer objects that end on one line do so by chance: two cells may touch along a straight side."""

LEAST_SHARE = 0.5
"""At a seam at least this share of the objects that cross it is cut."""

CONTACT_PX = 2
"""Two objects that touch along fewer pixels of a line are not cut there."""

RISK = 0.001
"""How often a set of label images without seams is said to have one, at most."""


@dataclass(frozen=True, kw_only=True)
class Seam:
    """A line before the row or column `place`, along which objects are cut.

    `cut` objects go on beyond it under another number, `whole` ones under their own: what crosses
    it, in all images.
    """

    axis: str
    place: int
    cut: int
    whole: int


def seams(images: Sequence[NDArray[np.integer]]) -> list[Seam]:
    """Return the seams that label images (Y, X) of one shape have in common, background 0.

    Objects end where others touch them, some on any line; at a seam nearly all do. A line is a seam
    where at least three objects and half of those that cross it are cut, and more than the share of
    all lines explains: with a risk of 0.001 for all lines (binomial, Bonferroni).

    >>> whole = np.arange(1, 9).repeat(5)[:, None] * np.ones(40, int)
    >>> cut = np.where(np.arange(40) < 16, whole, whole + 20)
    >>> [(one.axis, one.place, one.cut) for one in seams([cut])], seams([whole])
    ([('x', 16, 8)], [])
    """
    if not images:
        return []
    lines = {"y": crossings(images), "x": crossings([one.T for one in images])}
    risk = RISK / max(1, sum(len(cut) for cut, _ in lines.values()))
    return [
        Seam(axis=axis, place=place + 1, cut=int(cut[place]), whole=int(whole[place]))
        for axis, (cut, whole) in lines.items()
        for place in places(cut, whole, risk).tolist()
    ]


def crossings(
    images: Sequence[NDArray[np.integer]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, before each row but the first, how many objects are cut, and how many go on whole."""
    many = max(len(images[0]) - 1, 0)
    cut, whole = np.zeros((2, many), np.int64)
    for image in images:
        place, one, other, length = contacts(image)
        ends = (one != other) & (length >= CONTACT_PX)
        cut += objects_on(place[ends], one[ends], many)
        whole += objects_on(place[one == other], one[one == other], many)
    return cut, whole


def contacts(image: NDArray[np.integer]) -> tuple[NDArray[np.int64], ...]:
    """Return line, both numbers and length of each run of pixels where two objects face each other.

    >>> [found.tolist() for found in contacts(np.array([[1, 1, 0], [1, 2, 2]]))]
    [[0, 0], [1, 1], [1, 2], [1, 1]]
    """
    one, other = image[:-1], image[1:]
    first = np.ones(one.shape, bool)
    first[:, 1:] = (one[:, 1:] != one[:, :-1]) | (other[:, 1:] != other[:, :-1])
    starts = np.flatnonzero(first)
    length = np.diff(starts, append=first.size)
    place, one, other = (
        starts // max(image.shape[1], 1),
        one.reshape(-1)[starts],
        other.reshape(-1)[starts],
    )
    both = (one > 0) & (other > 0)
    return place[both], one[both].astype(np.int64), other[both].astype(np.int64), length[both]


def objects_on(place: NDArray[np.int64], number: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    """Return how many numbers there are at each of so many places."""
    each = np.unique(np.stack([place, number], 1), axis=0)
    return np.bincount(each[:, 0], minlength=many)


def places(cut: NDArray[np.int64], whole: NDArray[np.int64], risk: float) -> NDArray[np.intp]:
    """Return the lines at which more objects are cut than the share on all lines explains.

    >>> places(np.array([1, 1, 9, 1, 1]), np.array([9, 9, 0, 9, 9]), 0.0001).tolist()
    [2]
    """
    crossing = cut + whole
    seen = crossing > 0
    if not seen.any():
        return np.flatnonzero(seen)
    # By the rule of succession, since a share that was not seen is not 0.
    usual = (1 + int(cut.sum())) / (2 + int(crossing.sum()))
    chance = binom.sf(cut - 1, np.maximum(crossing, 1), usual)
    many = (cut >= LEAST_CUT) & (cut >= LEAST_SHARE * crossing)
    return np.flatnonzero(seen & many & (chance < risk))
