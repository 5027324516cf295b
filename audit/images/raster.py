"""PNG, JPEG, GIF and BMP files, by Pillow."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.images.headers import Header, refusal
from audit.images.orientation import TAG, UPRIGHT
from audit.images.pixel_size import from_pillow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from audit.images.source import Source

BANDS = {"1": 1, "L": 1, "P": 1, "I": 1, "I;16": 1, "I;16B": 1, "F": 1}
BANDS |= {"LA": 2, "RGB": 3, "RGBA": 4}
DTYPES = {"I": "int32", "F": "float32", "1": "bool", "I;16": "uint16", "I;16B": "uint16"}

DEPTH, COLOUR = 24, 25
"""Where a PNG says how many bits a sample has, and whether samples are grey (0)."""

WIDE = 16
FULL = 8


def raster_header(source: Source, kind: str, size: int, start: bytes) -> Header:
    """Return the header of a file whose first bytes are `start`."""
    from PIL import Image

    with warnings.catch_warnings():
        # The budget is checked before decoding, and by our own rule.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(source.path, formats=[kind.upper()]) as image:
            width, height = image.size
            mode, frames = image.mode, getattr(image, "n_frames", 1)
            orientation = orientation_of(image.info)
            pixel_um = from_pillow(image.info)
    if mode not in BANDS or frames > 1:
        raise refusal(source, f"{frames} frame(s) of mode {mode}", "save it as greyscale or RGB")
    if kind == "png" and BANDS[mode] > 1 and start[DEPTH] == WIDE:
        raise refusal(source, "16-bit colour PNG would lose half its bits", "save it as TIFF")
    several = BANDS[mode] > 1
    low = kind == "png" and mode == "L" and start[COLOUR] == 0
    return Header(
        format=kind,
        axes="YXC" if several else "YX",
        stored=(height, width, BANDS[mode]) if several else (height, width),
        dtype=DTYPES.get(mode, "uint8"),
        alpha=mode in ("LA", "RGBA"),
        palette=mode == "P",
        orientation=orientation,
        bits=min(start[DEPTH], FULL) if low else FULL,
        pixel_um=pixel_um,
        file_bytes=size,
    )


def orientation_of(info: Mapping[Any, Any]) -> int:
    """Return how an image is turned when it is shown, of what stands before its pixels."""
    from PIL import Image

    if not info.get("exif"):
        return UPRIGHT
    said = Image.Exif()
    said.load(info["exif"])
    return int(said.get(TAG, UPRIGHT))


def raster_pixels(source: Source, header: Header) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the pixels as stored, and their colours (N, 3) where they are places in a palette."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(source.path, formats=[header.format.upper()]) as image:
            array = np.asarray(image).reshape(header.frame)
            if orientation_of(image.info) != header.orientation:
                raise refusal(source, "its orientation stands behind its pixels", "save it again")
            listed = image.getpalette("RGB") if header.palette else None
    if listed is None:
        return array, None
    colours = np.zeros((256, 3), np.uint8)
    colours[: len(listed) // 3] = np.reshape(listed, (-1, 3))
    return array, colours
