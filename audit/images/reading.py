"""Guarded reading: a file gives axes (C, Y, X) in float32, or one line that says why it does not.

A file is judged by its header before a pixel is decoded, for a header may claim what no memory
holds, and a readable file may still be a stack, a web page or half a copy. Pixels are turned as the
file says that they are shown, image and mask alike. An alpha channel is no intensity: it is dropped
where it is opaque and refused where it is not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.errors import DataError
from audit.images.headers import Header, plain, refusal, undecodable
from audit.images.opening import pixels_of, read_header
from audit.images.orientation import upright
from audit.images.outlines import Outlines
from audit.images.palette import intensities, numbers
from audit.images.source import Source, source_of

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

__all__ = ["SUFFIXES", "header_of", "image_shape", "plain", "read_image", "read_labels"]

SUFFIXES = frozenset({".tif", ".tiff", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".npy", ".npz"})
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
_FULL_BITS = 8


def image_shape(path: str | os.PathLike[str]) -> tuple[int, int, int]:
    """Return (C, Y, X) from the header alone; raises DataError where the file cannot be used."""
    if isinstance(path, Outlines):
        return (1, *path.shape)
    source = source_of(path)
    header = read_header(source)
    _check_one(source, header)
    return header.shape


def header_of(path: str | os.PathLike[str]) -> Header:
    """Return what a file says of itself."""
    return read_header(source_of(path))


def read_image(
    path: str | os.PathLike[str], *, budget_bytes: int = BUDGET_BYTES
) -> NDArray[np.float32]:
    """Return the image as float32 (C, Y, X) in the file's own intensities, all finite.

    Raises DataError where the file is missing, is no image, would take more than `budget_bytes`
    decoded, has ambiguous axes, or holds complex, NaN or infinite pixels.
    """
    source = source_of(path)
    header = read_header(source)
    planes, colours = _decode(source, header, budget_bytes)
    planes = planes if colours is None else _greys(source, planes, colours)
    planes = planes[list(header.kept)] if header.kept else planes
    with np.errstate(over="ignore"):
        image = np.ascontiguousarray(planes, dtype=np.float32)
    bad = image.size - int(np.count_nonzero(np.isfinite(image)))
    if bad:
        raise refusal(source, f"{bad} pixels are NaN or infinite", "mend or leave out this image")
    return image


def read_labels(
    path: str | os.PathLike[str], *, budget_bytes: int = BUDGET_BYTES, lowest: int = 0
) -> NDArray[np.int32]:
    """Return a mask as int32 (Y, X), background 0; outlines are drawn, one number an object.

    A palette image gives its places, but its greys where it has two; greys of fewer than eight bits
    are the numbers that were stored. Whole numbers kept as floating point are accepted below 2**24,
    where they are exact; several channels are accepted where all are equal. Raises DataError for
    what cannot be labels: fractions, numbers below `lowest`, colours, and masks that were
    interpolated or kept as JPEG.
    """
    if isinstance(path, Outlines):
        return path.numbers()
    source = source_of(path)
    header = read_header(source)
    planes, colours = _decode(source, header, budget_bytes)
    if any(not np.array_equal(planes[0], other) for other in planes[1:]):
        raise refusal(source, "a mask in colours has no label numbers", "save labels as integers")
    labels = _whole(source, _numbered(source, header, planes[0], colours), lowest)
    _check_interpolation(source, header, labels)
    return np.ascontiguousarray(labels, dtype=np.int32)


def _greys(source: Source, places: NDArray[Any], colours: NDArray[Any]) -> NDArray[Any]:
    """Return the greys of a palette image, which must have no colours."""
    if (shown := intensities(places, colours)) is None:
        raise refusal(source, "colours are a palette, not intensities", "save it as greyscale")
    return shown


def _numbered(
    source: Source, header: Header, plane: NDArray[Any], colours: NDArray[Any] | None
) -> NDArray[Any]:
    """Return the numbers that stand for the colours of a palette, or for greys of few bits."""
    if colours is not None:
        if (found := numbers(plane, colours)) is None:
            raise refusal(
                source,
                "its palette is not in the order of the labels: black is not number 0",
                "save the mask as greyscale numbers, background 0",
            )
        return found
    if header.bits < _FULL_BITS:
        # Pillow stretches greys of few bits to 255; what was stored are numbers.
        return np.asarray(plane // (_BYTE_MAX // (2**header.bits - 1)))
    return plane


def _check_one(source: Source, header: Header) -> None:
    """Refuse a movie where one image is asked for."""
    if header.frames is not None and source.frame is None:
        raise refusal(
            source, f"a movie of {header.frames} frames", "save each frame (Y, X) as a file"
        )


def _decode(
    source: Source, header: Header, budget_bytes: int
) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the pixels (C, Y, X) in the file's own type and its palette, in budget."""
    _check_one(source, header)
    _check_budget(source, header, budget_bytes)
    try:
        array, colours = pixels_of(source, header)
    except DataError:
        raise
    except Exception as error:  # decoders of untrusted files raise anything
        raise undecodable(source, error) from error
    axes = header.axes.replace("T", "")
    planes = array[None] if axes == "YX" else array
    planes = np.moveaxis(planes, -1, 0) if axes == "YXC" else planes
    planes = upright(planes, header.orientation)
    return (_opaque(source, planes) if header.alpha else planes), colours


def _check_budget(source: Source, header: Header, budget_bytes: int) -> None:
    """Refuse what would take more than it may, or unpack like an attack."""
    need = math.prod(header.frame) * max(4, np.dtype(header.dtype).itemsize)
    if need > budget_bytes:
        raise refusal(
            source, f"{header.frame} would take {need} bytes", f"cut it below {budget_bytes} bytes"
        )
    if need > max(_RATIO_FREE_BYTES, _RATIO_LIMIT * header.file_bytes):
        raise refusal(
            source, f"{header.file_bytes} bytes would unpack to {need}", "save it uncompressed"
        )


def _opaque(path: Source, planes: NDArray[Any]) -> NDArray[Any]:
    """Return the planes without alpha, which must be the same everywhere."""
    alpha = planes[-1]
    if np.any(alpha != alpha.flat[0]):
        raise refusal(path, "parts of the image are transparent", "save it without alpha")
    return planes[:-1]


def _whole(path: Source, labels: NDArray[Any], lowest: int) -> NDArray[Any]:
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


def _check_interpolation(path: Source, header: Header, labels: NDArray[Any]) -> None:
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
