"""Objects that a file describes by outlines or runs instead of pixels, drawn into numbers.

Most formats count from the corner of a pixel, so that a pixel's centre lies at one half; programs
that trace masks count from the centre. An outline that follows pixels says itself which it is.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CORNER = 0.5
"""Where the centre of a pixel lies that is counted from its corner."""


@dataclass(frozen=True)
class Polygon:
    """An outline as x and y of its corners (N, 2), with the outlines of its holes."""

    points: NDArray[np.float64]
    holes: tuple[NDArray[np.float64], ...] = ()


@dataclass(frozen=True)
class Runs:
    """Lengths of runs outside and inside an object in turns, down the columns, as in COCO."""

    lengths: tuple[int, ...]


Shape = Polygon | Runs


@dataclass(frozen=True, kw_only=True)
class Outlines(os.PathLike[str]):
    """The objects (each of one shape or more) of one image of (Y, X) pixels, from a file."""

    path: Path
    image: str
    shape: tuple[int, int]
    objects: tuple[tuple[Shape, ...], ...] = field(repr=False)

    def __fspath__(self) -> str:
        return str(self.path)

    def __str__(self) -> str:
        return f"{self.path} ({self.image})"

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def numbers(self) -> NDArray[np.int32]:
        """Return the object numbers (Y, X), background 0; the later object covers."""
        drawn = np.zeros(self.shape, np.int32)
        for number, shapes in enumerate(self.objects, start=1):
            for shape in shapes:
                draw(drawn, shape, number)
        return drawn

    def digest(self) -> bytes:
        """Return a hash of what is drawn."""
        total = hashlib.sha256(repr(self.shape).encode())
        for number, shapes in enumerate(self.objects):
            for shape in shapes:
                total.update(f"{number}".encode())
                if isinstance(shape, Runs):
                    total.update(repr(shape.lengths).encode())
                else:
                    for points in (shape.points, *shape.holes):
                        total.update(points.tobytes())
        return total.digest()


def draw(drawn: NDArray[np.int32], shape: Shape, number: int) -> None:
    """Draw one shape in place."""
    if isinstance(shape, Runs):
        drawn[filled(shape, drawn.shape)] = number
        return
    inside = area(shape.points, drawn.shape)
    for hole in shape.holes:
        inside &= ~area(hole, drawn.shape)
    drawn[inside] = number


def area(points: NDArray[np.float64], size: Sequence[int]) -> NDArray[np.bool_]:
    """Return the pixels (Y, X) whose centres an outline holds."""
    from skimage import draw as shapes

    inside = np.zeros(tuple(size), bool)
    x, y = (points - (0.0 if from_centres(points) else CORNER)).T
    drawing: Any = shapes.polygon
    inside[drawing(y, x, inside.shape)] = True
    return inside


def from_centres(points: NDArray[np.float64]) -> bool:
    """Say whether an outline was traced by a program that counts from the centres of pixels.

    Its upright edges lie between two centres, at a half; or it steps from centre to centre, whole
    numbers all, in any of eight directions, where an outline along pixels' corners knows but four.
    """
    x, y = np.diff(np.vstack([points, points[:1]]), axis=0).T
    upright = points[:, 0][(x == 0) & (y != 0)]
    if upright.size and np.all(upright % 1 == CORNER):
        return True
    diagonal = (np.abs(x) == np.abs(y)) & (x != 0)
    eight = diagonal | (x == 0) | (y == 0)
    return bool(np.all(points % 1 == 0) and diagonal.any() and eight.all())


def filled(runs: Runs, size: Sequence[int]) -> NDArray[np.bool_]:
    """Return the pixels (Y, X) inside an object given by runs."""
    turns = np.arange(len(runs.lengths)) % 2 == 1
    flat = np.zeros(int(np.prod(size)), bool)
    whole = np.repeat(turns, runs.lengths)[: flat.size]
    flat[: whole.size] = whole
    return flat.reshape(tuple(size), order="F")
