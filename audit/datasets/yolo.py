"""Outlines of YOLO: one text file an image, a line an object, in shares of width and height.

Source: docs.ultralytics.com/datasets/segment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.datasets.drawn import Drawn, polygon
from audit.errors import DataError
from audit.images.headers import plain, refusal

if TYPE_CHECKING:
    from pathlib import Path

BOX = 5
"""Numbers in the line of a box."""


def read(path: Path, size: tuple[int, ...]) -> Drawn | None:
    """Return the objects of an image of (Y, X) pixels; None where the text is no list of outlines.

    Raises DataError where it lists boxes.
    """
    try:
        rows = [line.split() for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
        found = [(row[0], [float(one) for one in row[1:]]) for row in rows]
    except OSError as error:
        raise DataError(f"{plain(path)}: cannot be read ({error.strerror})") from error
    except ValueError:
        return None
    if any(len(row) == BOX for row in rows):
        raise refusal(path, "boxes, not outlines", "export segmentations")
    if any(len(numbers) % 2 for _, numbers in found):
        return None
    scale = (size[1], size[0])
    return Drawn(
        format="YOLO txt",
        objects=tuple(
            (polygon(path, np.reshape(numbers, (-1, 2)) * scale),) for _, numbers in found
        ),
        categories=tuple(name for name, _ in found),
    )
