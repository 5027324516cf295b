"""Opening an image file by its first bytes: its header, or its pixels."""

from __future__ import annotations

import stat
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from audit.errors import DataError
from audit.images.headers import Header, refusal, undecodable
from audit.images.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = {
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
    b"II+\0": "tiff",
    b"MM\0+": "tiff",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"\x93NUMPY": "numpy",
    b"PK\x03\x04": "numpy",
}
START = 64
"""Bytes that tell a format."""

REMEMBERED = 100_000
"""Headers that are kept, for a folder is looked at more than once."""


def read_header(source: Source) -> Header:
    """Return what the file says of itself; no pixel is decoded, and nothing but a file opened.

    Raises DataError where it cannot be used, and where a channel that is asked for is not in it.
    """
    size, changed, start = opening(source)
    header = known(source.path, source.axes, size, changed, start)
    return replace(header, kept=kept(source, header)) if source.channels else header


@lru_cache(maxsize=REMEMBERED)
def known(path: Path, axes: str, size: int, changed: int, start: bytes) -> Header:
    """Return the header of a file as it was at a time."""
    del changed
    source = Source(path=path, axes=axes)
    kind = next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), None)
    if kind is None:
        raise refusal(source, masquerade(start), "fetch or export the image itself")
    try:
        header = header_of(source, kind, size, start)
    except DataError:
        raise
    except Exception as error:  # decoders of untrusted files raise anything
        raise undecodable(source, error) from error
    if header.dtype.rstrip("0123456789") not in ("bool", "uint", "int", "float"):
        raise refusal(source, f"pixels are {header.dtype}", "save magnitudes as real numbers")
    return header


def header_of(source: Source, kind: str, size: int, start: bytes) -> Header:
    """Return the header that the reader of a format finds."""
    if kind == "tiff":
        from audit.images.tiff import tiff_header

        return tiff_header(source, size)
    if kind == "numpy":
        from audit.images.numpy_files import numpy_header

        return numpy_header(source, size)
    from audit.images.raster import raster_header

    return raster_header(source, kind, size, start)


def pixels_of(source: Source, header: Header) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the pixels of one image as stored, and the colours of its palette."""
    if header.format == "tiff":
        from audit.images.tiff import tiff_pixels

        return tiff_pixels(source, header)
    if header.format == "numpy":
        from audit.images.numpy_files import numpy_pixels

        return numpy_pixels(source, header)
    from audit.images.raster import raster_pixels

    return raster_pixels(source, header)


def kept(source: Source, header: Header) -> tuple[int, ...]:
    """Return the channels that are read of a file; raises DataError where it lacks one."""
    count = header.shape[0]
    if max(source.channels) >= count:
        asked = ", ".join(map(str, source.channels))
        there = f"{count} channels, 0 to {count - 1}" if count > 1 else "one channel, 0"
        raise refusal(source, f"--channel {asked}, but it has {there}", "choose among them")
    return source.channels


def opening(source: Source) -> tuple[int, int, bytes]:
    """Return size, time and first bytes of a regular file; stat first, for a pipe blocks."""
    try:
        status = source.path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refusal(source, "not a regular file", "give an image file")
        if status.st_size == 0:
            raise refusal(source, "the file is empty", "copy or export it again")
        with source.path.open("rb") as file:
            return status.st_size, status.st_mtime_ns, file.read(START)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refusal(
            source, f"cannot be opened ({reason})", "check the path and its rights"
        ) from error


def masquerade(start: bytes) -> str:
    """Return what a file without the signature of an image is."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "this is an HTML page saved under an image's name"
    if text.startswith(b"version https://git-lfs"):
        return "this is a Git-LFS pointer, not the image (git lfs pull)"
    return "not a TIFF, PNG, JPEG, GIF, BMP or NumPy file"
