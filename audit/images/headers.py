"""What an image file says of itself before a pixel is decoded, and the words of its refusal."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.errors import DataError
from audit.images.orientation import UPRIGHT, swaps

if TYPE_CHECKING:
    import os

MOST_CHANNELS = 4
"""A last axis of so many may be colours."""

CHANNELS_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a file says of itself before a pixel is decoded; `axes` names each axis of `stored`.

    `orientation` is how the pixels are turned when they are shown (EXIF and TIFF tag 274), `bits`
    those of a grey value where they are fewer than eight, `pixel_um` the edge of a pixel, and
    `kept` the channels that are read, all where empty.
    """

    format: str
    axes: str
    stored: tuple[int, ...]
    dtype: str
    alpha: bool = False
    palette: bool = False
    orientation: int = UPRIGHT
    bits: int = 8
    pixel_um: float | None = None
    kept: tuple[int, ...] = ()
    file_bytes: int = 0

    @property
    def sizes(self) -> dict[str, int]:
        """Return the size of each axis by its name."""
        return dict(zip(self.axes, self.stored, strict=True))

    @property
    def frames(self) -> int | None:
        """Return how many images of a movie the file holds; None where it holds one image."""
        return self.sizes.get("T")

    @property
    def frame(self) -> tuple[int, ...]:
        """Return the stored sizes of one image."""
        return tuple(size for axis, size in self.sizes.items() if axis != "T")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return the shape (C, Y, X) that a decoded image will have, without its alpha."""
        sizes = self.sizes
        channels = len(self.kept) or sizes.get("C", 1) - self.alpha
        y, x = sizes["Y"], sizes["X"]
        return (channels, x, y) if swaps(self.orientation) else (channels, y, x)


def plain(name: str | os.PathLike[str]) -> str:
    """Return a name fit for one line of text: composed Unicode, no control characters.

    >>> plain("cell" + chr(10) + ".tif")
    'cell?.tif'
    """
    text = unicodedata.normalize("NFC", str(name)).encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def refusal(path: str | os.PathLike[str], reason: str, remedy: str) -> DataError:
    """Return the one-line error about a file: which, why, and what to do."""
    return DataError(f"{plain(path)}: {reason}; {remedy}")


def undecodable(path: str | os.PathLike[str], error: Exception) -> DataError:
    """Return the refusal for whatever a decoder raised."""
    reason = plain(" ".join(str(error).split()))[:160] or type(error).__name__
    if "imagecodecs" in reason or isinstance(error, ModuleNotFoundError):
        return refusal(path, "its compression needs imagecodecs", "pip install imagecodecs")
    return refusal(path, f"cannot be decoded ({reason})", "copy or export it again")
