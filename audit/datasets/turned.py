"""What is said of images that are turned as their files say that they are shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audit.errors import DataError
from audit.images.orientation import TURNS
from audit.images.reading import header_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.images.source import Source


def turned(images: Sequence[Path | Source]) -> str:
    """Return the sentence of images with an orientation; "" where all are upright."""
    found = Counter(orientation(image) for image in images)
    tags = sorted(tag for tag in found if tag in TURNS)
    if not tags:
        return ""
    count = sum(found[tag] for tag in tags)
    named = ", ".join(map(str, tags))
    return f"{count} of {len(images)} images, as their tag says (EXIF orientation {named})"


def orientation(image: Path | Source) -> int:
    """Return how an image is turned when it is shown; 0 where it cannot be read."""
    try:
        return header_of(image).orientation
    except DataError:
        return 0
