"""What a file of outlines says of one image, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.images.headers import refusal
from audit.images.outlines import Polygon

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from audit.images.outlines import Shape

FEWEST = 3
"""Corners of an outline."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The objects of an image, their categories, and its size (Y, X) where the file says it."""

    format: str
    objects: tuple[tuple[Shape, ...], ...]
    categories: tuple[str, ...] = ()
    size: tuple[int, int] | None = None


def corners(path: Path, given: Any) -> NDArray[np.float64]:
    """Return the corners (N, 2) of an outline: x and y in turns, or pairs."""
    try:
        found = np.asarray(given, np.float64).reshape(-1, 2)
    except (TypeError, ValueError):
        raise refusal(path, "an outline is no list of x and y", "export it again") from None
    if len(found) < FEWEST or not np.isfinite(found).all():
        raise refusal(path, f"an outline has {len(found)} corners", "draw it with three or more")
    return found


def polygon(path: Path, given: Any, *holes: Any) -> Polygon:
    """Return an outline with its holes."""
    return Polygon(corners(path, given), tuple(corners(path, hole) for hole in holes))
