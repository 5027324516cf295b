"""Images that show nothing: alike without being copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.datasets.sample import Sample

BLANK = "the image is one number at every pixel, and so like any other that is"


def is_blank(sample: Sample) -> bool:
    """Return whether each channel of an image is one number at every pixel."""
    image = sample.image()
    return bool((image == image[:, :1, :1]).all())
