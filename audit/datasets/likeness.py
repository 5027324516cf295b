"""Do images that are neighbours in number look alike? Then they are no independent fields.

A few images are made small, their mean image is taken away (light and vignetting are shared by all
fields of a microscope), and neighbours are correlated. If the numbers say nothing of the images,
any other order of them would do as well: the share of random orders that do is the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from audit.datasets.sample import thinned
from audit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

Item = TypeVar("Item")

LOOKED_AT, SEQUENCES = 24, 4
"""Images that are decoded in all, and the sequences that they are of."""

SIDE = 16
"""Edge of an image made small: coarse enough that moving cells still overlap in the next frame."""

ENOUGH = 8
"""Images that must be asked. Of four real movies, two of phase contrast and two of DIC, thinned to
8 to 115 frames, all 88 selections were told; of those thinned to 5 to 7 frames, 18 of 40."""

ORDERS, LEVEL = 999, 0.05
"""Random orders that are drawn, and the share of them that may do as well as the numbers' own."""


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Whether sequences must be taken as movies, and why, to stand behind their names."""

    movie: bool
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Correlations of the images of one sequence (n, n), and which of them are neighbours."""

    correlations: NDArray[np.float64]
    neighbours: NDArray[np.bool_]

    def along(self, order: NDArray[np.intp]) -> float:
        """Return the sum of the correlations of neighbours, the images in another order."""
        return float(self.correlations[np.ix_(order, order)][self.neighbours].sum())


def compared(
    sequences: Sequence[Sequence[Item]],
    read: Callable[[Item], NDArray[np.float32]],
) -> Likeness:
    """Return whether images that follow each other are more alike than others of their sequence.

    Too few images to tell count as alike; images of several sizes are of no movie.
    """
    if not sequences:
        return Likeness(movie=True)
    chosen = thinned(sequences, 1, SEQUENCES)
    looked = [look(items, LOOKED_AT // len(chosen), read) for items in chosen]
    of_one_size = [one for one in looked if one is not None]
    if not of_one_size:
        return Likeness(movie=False, words=", but differ in size")
    return judged(of_one_size)


def look(
    items: Sequence[Item], most: int, read: Callable[[Item], NDArray[np.float32]]
) -> Looked | None:
    """Return how alike images of a sequence are, pairs spread evenly over it; None for two sizes.

    An image that cannot be read is left out: it is refused elsewhere.
    """
    small: dict[int, NDArray[np.float64]] = {}
    sizes: set[tuple[int, ...]] = set()
    for place in places(len(items), most):
        try:
            image = read(items[place])
        except DataError:
            continue
        sizes.add(image.shape)
        small[place] = reduced(image)
    if len(sizes) > 1:
        return None
    numbers = np.array(list(small), dtype=int)
    return Looked(
        correlations=correlated(list(small.values())),
        neighbours=numbers[:, None] + 1 == numbers[None, :],
    )


def places(count: int, most: int) -> list[int]:
    """Return all places of a short sequence; of a longer one, pairs of neighbours.

    >>> places(4, 6), places(100, 6)
    ([0, 1, 2, 3], [0, 1, 32, 33, 66, 67])
    """
    if count <= most:
        return list(range(count))
    return [2 * pair + end for pair in thinned(range(count // 2), 1, most // 2) for end in (0, 1)]


def reduced(image: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return an image (C, Y, X) as the means of its tiles, of mean 0 and length 1."""
    grey = image.mean(axis=0, dtype=np.float64)
    edges = [np.unique(np.linspace(0, size, SIDE + 1).astype(int)[:-1]) for size in grey.shape]
    tiles = np.add.reduceat(np.add.reduceat(grey, edges[0], axis=0), edges[1], axis=1)
    areas = [np.diff([*edge, size]) for edge, size in zip(edges, grey.shape, strict=True)]
    return unit(tiles / np.outer(*areas))


def unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values of mean 0 and length 1; zeros where all are the same."""
    centred = values - values.mean()
    return np.asarray(centred / (np.linalg.norm(centred) or 1.0))


def correlated(images: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the correlations (n, n) of small images without their mean image."""
    if not images:
        return np.zeros((0, 0))
    rest = np.array([unit(image - np.mean(images, axis=0)).ravel() for image in images])
    return np.asarray(rest @ rest.T)


def judged(looked: Sequence[Looked]) -> Likeness:
    """Return what the order of the images says: nothing, if other orders do as well."""
    if sum(len(one.correlations) for one in looked) < ENOUGH:
        return Likeness(movie=True, words=", too few to tell by their pixels")
    beside, others = means(looked)
    words = f"correlation {beside:.2f}, others {others:.2f}"
    if share_as_good(looked) <= LEVEL:
        return Likeness(movie=True, words=f", neighbours look alike ({words})")
    return Likeness(movie=False, words=f", but neighbours look no more alike ({words})")


def means(looked: Sequence[Looked]) -> tuple[float, float]:
    """Return the mean correlation of neighbours, and that of images further apart."""
    beside = np.concatenate([one.correlations[one.neighbours] for one in looked])
    apart = [
        one.correlations[
            ~(one.neighbours | one.neighbours.T | np.eye(len(one.neighbours), dtype=bool))
        ]
        for one in looked
    ]
    return float(beside.mean()), float(np.concatenate(apart).mean())


def share_as_good(looked: Sequence[Looked]) -> float:
    """Return the share of random orders whose neighbours are as alike as those in number."""
    stream = np.random.default_rng(0)
    own = sum(one.along(np.arange(len(one.correlations))) for one in looked)
    drawn = [
        sum(one.along(stream.permutation(len(one.correlations))) for one in looked)
        for _ in range(ORDERS)
    ]
    # Orders that say the same as the numbers differ from them by rounding alone.
    return (1 + sum(one >= own - 1e-9 for one in drawn)) / (1 + ORDERS)
