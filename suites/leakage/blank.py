"""Images that show nothing: alike without being copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLANK = "the image is one number at every pixel, and so like any other that is"


def is_blank(image: NDArray[Any]) -> bool:
    """Return whether each channel of an image (C, Y, X) is one number at every pixel."""
    return bool((image == image[:, :1, :1]).all())
