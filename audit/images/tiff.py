"""TIFF files: the header of exactly one series of pages, and the pixels of one image of it.

A file of an OME set names the others: it is read as what lies in itself. Where white is 0, what is
shown and what is stored are opposites, and programs disagree which one they hand on: refused, but
for files of ImageJ and tifffile, which write so themselves and hand on what is stored.
"""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.images.axes import named
from audit.images.headers import Header, refusal
from audit.images.orientation import TAG, UPRIGHT
from audit.images.pixel_size import from_ome, from_tiff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.images.source import Source

WHITE_IS_ZERO, PALETTE = 0, 3
WIDE = 256
"""A TIFF's colours are of sixteen bits: times 256."""

_FILES = re.compile(r'FileName="([^"]*)"|<(?:\w+:)?BinaryOnly\b[^>]*MetadataFile="([^"]*)"')


@contextmanager
def opened(source: Source) -> Iterator[Any]:
    """Open a TIFF as what lies in itself, whatever other files it names."""
    import tifffile

    with tifffile.TiffFile(source.path) as tif:
        first: Any = tif.pages[0] if tif.is_ome else None
        if first is None or not stands_for_others(first.description):
            yield tif
            return
    with tifffile.TiffFile(source.path, is_ome=False) as alone:
        yield alone


def stands_for_others(ome: str) -> bool:
    """Say whether OME-XML speaks of several files."""
    names = {one for pair in _FILES.findall(ome) for one in pair if one}
    return len(names) > 1 or "BinaryOnly" in ome


def tiff_header(source: Source, size: int) -> Header:
    """Return the header of a TIFF with exactly one series of pages."""
    with opened(source) as tif:
        every = tif.series
        if not every or not every[0].shape:
            raise refusal(source, "the TIFF holds no image", "the copy broke off: copy it again")
        if len(every) > 1:
            shapes = ", ".join(str(one.shape) for one in every[:4])
            raise refusal(source, f"{len(every)} series ({shapes})", "save one series to a file")
        stored, page = tuple(int(n) for n in every[0].shape), every[0].keyframe
        check_claims(source, stored, page, size)
        axes, sizes = named(source, every[0].axes, stored)
        tag = page.tags.get(TAG)
        return Header(
            format="tiff",
            axes=axes,
            stored=sizes,
            dtype=every[0].dtype.name,
            alpha=has_alpha(page),
            palette=int(page.photometric) == PALETTE,
            orientation=int(tag.value) if tag else UPRIGHT,
            pixel_um=from_tiff(tif) or from_ome(page.description or ""),
            file_bytes=size,
        )


def check_claims(source: Source, stored: tuple[int, ...], page: Any, size: int) -> None:
    """Refuse what holds no pixel, claims more than there is, or counts white as 0."""
    if min(stored) == 0:
        raise refusal(source, f"shape {stored} holds no pixel", "export it again")
    bits = math.prod(stored) * int(page.bitspersample)
    if page.compression == 1 and bits > 8 * size:
        raise refusal(
            source, f"claims {stored} but holds {size} bytes", "the copy broke off: copy it again"
        )
    if int(page.photometric) == WHITE_IS_ZERO and not stored_as_meant(page):
        raise refusal(
            source,
            "white is 0 in it (tag 262, WhiteIsZero), so programs disagree which way round it is",
            "save it with black as 0 (ImageJ: Lookup Tables > Grays, then look whether to invert)",
        )


def stored_as_meant(page: Any) -> bool:
    """Say whether a file is of a program whose numbers mean themselves, however they are shown."""
    return bool(page.is_imagej or str(page.software).startswith("tifffile"))


def has_alpha(page: Any) -> bool:
    """Say whether the last sample of a TIFF page is declared to be opacity."""
    extra = tuple(page.extrasamples or ())
    return bool(extra) and page.samplesperpixel in (2, 4) and int(extra[-1]) in (1, 2)


def tiff_pixels(source: Source, header: Header) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the pixels of one image as stored, and its colours (N, 3) where it has a palette."""
    with opened(source) as tif:
        series = tif.series[0]
        colours = series.keyframe.colormap if header.palette else None
        array = series.asarray() if source.frame is None else frame_of(source, series, header)
    return array.reshape(header.frame), None if colours is None else colours.T // WIDE


def frame_of(source: Source, series: Any, header: Header) -> NDArray[Any]:
    """Return one image of a movie, the rest left on the disk where that can be."""
    place, axis = source.frame or 0, header.axes.index("T")
    if series.dataoffset is not None:
        whole = np.memmap(
            source.path, series.dtype, mode="r", offset=series.dataoffset, shape=header.stored
        )
        return np.array(np.take(whole, place, axis))
    count = len(series.pages) // header.stored[0]
    if axis == 0 and count * header.stored[0] == len(series.pages):
        return np.stack([page.asarray() for page in pages_of(series, place, count)])
    return np.asarray(np.take(series.asarray().reshape(header.stored), place, axis))


def pages_of(series: Any, place: int, count: int) -> Iterator[Any]:
    """Yield the pages of one image of a movie."""
    yield from (series.pages[number] for number in range(place * count, (place + 1) * count))
