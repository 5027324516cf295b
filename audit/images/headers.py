"""What an image file says of itself before a pixel is decoded, and the words of its refusal."""

from __future__ import annotations

import math
import stat
import unicodedata
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.errors import DataError

if TYPE_CHECKING:
    import os
    from pathlib import Path

_MAGIC = {
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
    b"II+\0": "tiff",
    b"MM\0+": "tiff",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
}
_BANDS = {"1": 1, "L": 1, "P": 1, "I": 1, "I;16": 1, "I;16B": 1, "F": 1}
_BANDS |= {"LA": 2, "RGB": 3, "RGBA": 4}
_WIDE_MODES = ("I;16", "I;16B")
_MOST_CHANNELS = 4
_WIDE_PNG = 16


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a file says of itself before a pixel is decoded; `axes` names each axis of `stored`."""

    format: str
    axes: str
    stored: tuple[int, ...]
    dtype: str
    alpha: bool = False
    palette: bool = False
    file_bytes: int = 0

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return the shape (C, Y, X) that the decoded image will have, without its alpha."""
        sizes = dict(zip(self.axes, self.stored, strict=True))
        channels = sizes.get("C", 1) - self.alpha
        return channels, sizes["Y"], sizes["X"]


def plain(name: str | os.PathLike[str]) -> str:
    """Return a name fit for one line of text: composed Unicode, no control characters.

    >>> plain("cell" + chr(10) + ".tif")
    'cell?.tif'
    """
    text = unicodedata.normalize("NFC", str(name)).encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def refusal(path: Path, reason: str, remedy: str) -> DataError:
    """Return the one-line error about a file: which, why, and what to do."""
    return DataError(f"{plain(path)}: {reason}; {remedy}")


def read_header(path: Path) -> Header:
    """Return what the file says of itself; no pixel is decoded, and nothing but a file opened."""
    size, start = _opening(path)
    kind = next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), None)
    if kind is None:
        raise refusal(path, _masquerade(start), "fetch or export the image itself")
    try:
        if kind == "tiff":
            header = _tiff_header(path, size)
        else:
            header = _pillow_header(path, kind, size, start)
    except DataError:
        raise
    except Exception as error:  # decoders of untrusted files raise anything
        raise undecodable(path, error) from error
    if header.dtype.rstrip("0123456789") not in ("bool", "uint", "int", "float"):
        raise refusal(path, f"pixels are {header.dtype}", "save magnitudes as real numbers")
    return header


def _opening(path: Path) -> tuple[int, bytes]:
    """Return the size and the first bytes of a regular file; stat first, for a pipe blocks."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refusal(path, "not a regular file", "give an image file")
        if status.st_size == 0:
            raise refusal(path, "the file is empty", "copy or export it again")
        with path.open("rb") as file:
            return status.st_size, file.read(512)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refusal(
            path, f"cannot be opened ({reason})", "check the path and its rights"
        ) from error


def _masquerade(start: bytes) -> str:
    """Return what a file without the signature of an image is."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "this is an HTML page saved under an image's name"
    if text.startswith(b"version https://git-lfs"):
        return "this is a Git-LFS pointer, not the image (git lfs pull)"
    return "not a TIFF, PNG or JPEG file"


def undecodable(path: Path, error: Exception) -> DataError:
    """Return the refusal for whatever a decoder raised."""
    reason = plain(" ".join(str(error).split()))[:160] or type(error).__name__
    if "imagecodecs" in reason or isinstance(error, ModuleNotFoundError):
        return refusal(path, "its compression needs imagecodecs", "pip install imagecodecs")
    return refusal(path, f"cannot be decoded ({reason})", "copy or export it again")


def _tiff_header(path: Path, size: int) -> Header:
    """Return the header of a TIFF with exactly one series of pages."""
    import tifffile

    with tifffile.TiffFile(path) as tif:
        every = tif.series
        if not every or not every[0].shape:
            raise refusal(path, "the TIFF holds no image", "the copy broke off: copy it again")
        if len(every) > 1:
            shapes = ", ".join(str(one.shape) for one in every[:4])
            raise refusal(path, f"{len(every)} series ({shapes})", "save one series to a file")
        stored, page = tuple(int(n) for n in every[0].shape), every[0].keyframe
        if min(stored) == 0:
            raise refusal(path, f"shape {stored} holds no pixel", "export it again")
        bits = math.prod(stored) * int(page.bitspersample)
        if page.compression == 1 and bits > 8 * size:
            raise refusal(
                path, f"claims {stored} but holds {size} bytes", "the copy broke off: copy it again"
            )
        return Header(
            format="tiff",
            axes=_axes(path, every[0].axes, stored),
            stored=_squeezed(every[0].axes, stored),
            dtype=every[0].dtype.name,
            alpha=_has_alpha(page),
            file_bytes=size,
        )


def _has_alpha(page: Any) -> bool:
    """Say whether the last sample of a TIFF page is declared to be opacity."""
    extra = tuple(page.extrasamples or ())
    return bool(extra) and page.samplesperpixel in (2, 4) and int(extra[-1]) in (1, 2)


def _squeezed(axes: str, stored: tuple[int, ...]) -> tuple[int, ...]:
    """Return the sizes without axes of length one, keeping Y and X."""
    pairs = zip(axes, stored, strict=True)
    return tuple(n for axis, n in pairs if n != 1 or axis in "YX")


def _axes(path: Path, axes: str, stored: tuple[int, ...]) -> str:
    """Return YX, CYX or YXC for what a TIFF declares, or refuse with the candidates.

    An axis without a name counts as channels where it comes first and has at most four planes.
    """
    pairs = zip(axes, stored, strict=True)
    kept = "".join(axis for axis, n in pairs if n != 1 or axis in "YX")
    sizes = _squeezed(axes, stored)
    if kept[:1] in ("Q", "I") and sizes[0] <= _MOST_CHANNELS:
        kept = "C" + kept[1:]
    kept = kept.replace("S", "C")
    if kept in ("YX", "CYX", "YXC"):
        return kept
    if len(kept) == len("CYX") and kept[0] in "QI":
        last = ", (Y, X, C)" if sizes[-1] <= _MOST_CHANNELS else ""
        raise refusal(
            path,
            f"shape {sizes} could be (C, Y, X), (Z, Y, X), (T, Y, X){last}",
            "save it with its axes named (ImageJ or OME-TIFF)",
        )
    raise refusal(
        path, f"shape {sizes} with axes {kept} is a stack", "save each plane (Y, X) as a file"
    )


def _pillow_header(path: Path, kind: str, size: int, start: bytes) -> Header:
    """Return the header of a PNG or JPEG whose first bytes are `start`."""
    from PIL import Image

    with warnings.catch_warnings():
        # Our own limit of memory is checked before decoding (see `audit.images.reading`).
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path, formats=[kind.upper()]) as image:
            width, height = image.size
            mode, frames = image.mode, getattr(image, "n_frames", 1)
    if mode not in _BANDS or frames > 1:
        raise refusal(path, f"{frames} frame(s) of mode {mode}", "save it as greyscale or RGB")
    if kind == "png" and _BANDS[mode] > 1 and start[24] == _WIDE_PNG:
        raise refusal(path, "16-bit colour PNG would lose half its bits", "save it as TIFF")
    several = _BANDS[mode] > 1
    return Header(
        format=kind,
        axes="YXC" if several else "YX",
        stored=(height, width, _BANDS[mode]) if several else (height, width),
        dtype={"I": "int32", "F": "float32", "1": "bool"}.get(
            mode, "uint16" if mode in _WIDE_MODES else "uint8"
        ),
        alpha=mode in ("LA", "RGBA"),
        palette=mode == "P",
        file_bytes=size,
    )
