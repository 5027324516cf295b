"""Guarded reading: a file gives axes (C, Y, X) in float32, or one line that says why it does not.

A file is judged by its header before a pixel is decoded, for a header may claim what no memory
holds, and a readable file may still be a stack, a web page or half a copy. An alpha channel is no
intensity: it is dropped where it is opaque and refused where it is not.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.images.headers import Header, plain, read_header, refusal, undecodable

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

__all__ = ["SUFFIXES", "image_shape", "plain", "read_image", "read_labels"]

SUFFIXES = frozenset({".tif", ".tiff", ".png", ".jpg", ".jpeg"})
"""The endings of the files that are looked at, in lower case."""

BUDGET_BYTES = 2 * 2**30
"""What one decoded image may take unless the caller says otherwise."""

_RATIO_LIMIT = 200
_RATIO_FREE_BYTES = 256 * 2**20
"""Below this size a high compression ratio is only a blank image, not an attack."""

INTERPOLATED = "resize masks by nearest neighbour, or cut binary ones at half (mask > 127)"

_MOST_EXACT = 2**24
_BYTE_MAX = 255
_TWO_LABELS = 2
_FEW_LABELS = 8


def image_shape(path: str | os.PathLike[str]) -> tuple[int, int, int]:
    """Return (C, Y, X) from the header alone; raises DataError where the file cannot be used."""
    return read_header(Path(path)).shape


def read_image(
    path: str | os.PathLike[str], *, budget_bytes: int = BUDGET_BYTES
) -> NDArray[np.float32]:
    """Return the image as float32 (C, Y, X) in the file's own intensities, all finite.

    Raises DataError where the file is missing, is no image, would take more than `budget_bytes`
    decoded, has ambiguous axes, or holds complex, NaN or infinite pixels.
    """
    source = Path(path)
    header = read_header(source)
    if header.palette:
        raise refusal(source, "colours are a palette, not intensities", "save it as greyscale")
    planes = _decode(source, header, budget_bytes)
    with np.errstate(over="ignore"):
        image = np.ascontiguousarray(planes, dtype=np.float32)
    bad = image.size - int(np.count_nonzero(np.isfinite(image)))
    if bad:
        raise refusal(source, f"{bad} pixels are NaN or infinite", "mend or leave out this image")
    return image


def read_labels(
    path: str | os.PathLike[str], *, budget_bytes: int = BUDGET_BYTES, lowest: int = 0
) -> NDArray[np.int32]:
    """Return a mask as int32 (Y, X), background 0; a palette image gives its indices.

    Whole numbers kept as floating point are accepted below 2**24, where they are exact; several
    channels are accepted where all are equal. Raises DataError for what cannot be labels:
    fractions, numbers below `lowest`, colours, and masks that were interpolated or kept as JPEG.
    """
    source = Path(path)
    header = read_header(source)
    planes = _decode(source, header, budget_bytes)
    if any(not np.array_equal(planes[0], other) for other in planes[1:]):
        raise refusal(source, "a mask in colours has no label numbers", "save labels as integers")
    labels = _whole(source, planes[0], lowest)
    _check_interpolation(source, header, labels)
    return np.ascontiguousarray(labels, dtype=np.int32)


def _decode(path: Path, header: Header, budget_bytes: int) -> NDArray[Any]:
    """Return the pixels (C, Y, X) in the file's own type, after the budget was checked."""
    need = math.prod(header.stored) * max(4, np.dtype(header.dtype).itemsize)
    if need > budget_bytes:
        raise refusal(
            path, f"{header.stored} would take {need} bytes", f"cut it below {budget_bytes} bytes"
        )
    if need > max(_RATIO_FREE_BYTES, _RATIO_LIMIT * header.file_bytes):
        raise refusal(
            path, f"{header.file_bytes} bytes would unpack to {need}", "save it uncompressed"
        )
    try:
        array = _pixels(path, header).reshape(header.stored)
    except Exception as error:  # decoders of untrusted files raise anything
        raise undecodable(path, error) from error
    planes = array[None] if header.axes == "YX" else array
    planes = np.moveaxis(planes, -1, 0) if header.axes == "YXC" else planes
    return _opaque(path, planes) if header.alpha else planes


def _pixels(path: Path, header: Header) -> NDArray[Any]:
    """Return what the decoder of the format gives."""
    if header.format == "tiff":
        import tifffile

        with tifffile.TiffFile(path) as tif:
            return np.asarray(tif.series[0].asarray())
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path, formats=[header.format.upper()]) as image:
            return np.asarray(image)


def _opaque(path: Path, planes: NDArray[Any]) -> NDArray[Any]:
    """Return the planes without alpha, which must be the same everywhere."""
    alpha = planes[-1]
    if np.any(alpha != alpha.flat[0]):
        raise refusal(path, "parts of the image are transparent", "save it without alpha")
    return planes[:-1]


def _whole(path: Path, labels: NDArray[Any], lowest: int) -> NDArray[Any]:
    """Return the labels, which must be whole numbers from `lowest` that int32 holds."""
    if labels.dtype.kind == "f" and not np.array_equal(labels, np.trunc(labels)):
        raise refusal(path, "labels are fractions", "save labels as integers, resized by nearest")
    low, high = labels.min(), labels.max()
    if low < lowest:
        raise refusal(
            path, f"label {low} is negative", "use 0 for background, 1 and up for objects"
        )
    if high >= (_MOST_EXACT if labels.dtype.kind == "f" else 2**31):
        raise refusal(path, f"label {high} is too large", "number the objects from 1")
    return labels


def _check_interpolation(path: Path, header: Header, labels: NDArray[Any]) -> None:
    """Refuse a mask that was interpolated: its values include greys between labels.

    A JPEG may hold two values, no more. In other masks of 8 bits an object's value fills a square
    of 2 x 2 pixels somewhere; where most values do not, they come from blurred borders.
    """
    if header.format != "jpeg" and (labels.max() != _BYTE_MAX or labels.dtype == bool):
        return
    present = np.count_nonzero(np.bincount(labels.ravel().astype(np.int64)))
    if header.format == "jpeg" and present > _TWO_LABELS:
        raise refusal(path, "JPEG has changed the labels", "save the mask as PNG or TIFF")
    same = (labels[1:, 1:] == labels[:-1, 1:]) & (labels[1:, 1:] == labels[1:, :-1])
    same &= labels[1:, 1:] == labels[:-1, :-1]
    solid = np.unique(labels[1:, 1:][same]).size
    if present >= _FEW_LABELS and solid < present / 2:
        raise refusal(path, "the mask was interpolated", INTERPOLATED)
