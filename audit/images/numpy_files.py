"""Arrays on disk: .npy, .npz of one array, and the masks in a `_seg.npy` of Cellpose.

Nothing in a file is run: a `_seg.npy` is a pickle, of which numpy's own arrays alone are built.
"""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import numpy as np

from audit.images.axes import named
from audit.images.headers import Header, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from audit.images.source import Source

ZIPPED = b"PK\x03\x04"
CELLPOSE = "_seg.npy"
COLOURS = 3
FLAT, DEEP = 2, 3

HARMLESS = {
    ("multiarray", "_reconstruct"),
    ("multiarray", "scalar"),
    ("numeric", "_frombuffer"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
    ("collections", "OrderedDict"),
}
"""What a `_seg.npy` may name, by the last word of its module."""

PACKAGES = ("numpy", "_codecs", "collections")


def numpy_header(source: Source, size: int) -> Header:
    """Return the header of an array on disk."""
    array = array_of(source)
    if array.ndim not in range(FLAT, FLAT + len("TC") + 1):
        raise refusal(source, f"an array of shape {array.shape}", "save (Y, X) or (Y, X, C)")
    rgb = array.ndim == DEEP and array.shape[-1] == COLOURS < array.shape[0]
    axes, stored = named(source, "YXS" if rgb else "QQYX"[-array.ndim :], array.shape)
    return Header(format="numpy", axes=axes, stored=stored, dtype=array.dtype.name, file_bytes=size)


def numpy_pixels(source: Source, header: Header) -> tuple[NDArray[Any], None]:
    """Return the pixels of one image as stored."""
    whole = array_of(source).reshape(header.stored)
    if source.frame is None:
        return np.array(whole), None
    return np.array(np.take(whole, source.frame, header.axes.index("T"))), None


def array_of(source: Source) -> NDArray[Any]:
    """Return the array of a file, mapped where it can be."""
    with source.path.open("rb") as file:
        start = file.read(len(ZIPPED))
    if start == ZIPPED:
        return one_of(source)
    if source.path.name.endswith(CELLPOSE):
        return masks_of(source)
    array: NDArray[Any] = np.load(source.path, mmap_mode="r", allow_pickle=False)
    return array


def one_of(source: Source) -> NDArray[Any]:
    """Return the only array of an .npz."""
    with ZipFile(source.path) as archive:
        names, total = archive.namelist(), sum(one.file_size for one in archive.infolist())
    if len(names) != 1:
        shown = ", ".join(name.removesuffix(".npy") for name in names[:4])
        raise refusal(source, f"holds {len(names)} arrays ({shown})", "save one array to a file")
    if total > 2**31:
        raise refusal(source, f"would unpack to {total} bytes", "save it as .npy")
    with np.load(source.path, allow_pickle=False) as held:
        found: NDArray[Any] = held[held.files[0]]
        return found


def masks_of(source: Source) -> NDArray[Any]:
    """Return the masks of a `_seg.npy`, building nothing but numpy's arrays."""
    held = unpickled(source.path)
    found = held.item() if isinstance(held, np.ndarray) and held.shape == () else held
    masks = found.get("masks") if isinstance(found, dict) else None
    if not isinstance(masks, np.ndarray):
        raise refusal(source, "no masks of Cellpose in it", "save the masks as PNG or TIFF")
    return masks


def unpickled(path: Path) -> Any:
    """Return the array of objects of a .npy."""
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else None
        _, _, dtype = (read or np.lib.format.read_array_header_2_0)(file)
        if dtype != np.dtype(object):
            return np.load(path, allow_pickle=False)
        return ArrayUnpickler(io.BytesIO(file.read())).load()


class ArrayUnpickler(pickle.Unpickler):
    """An unpickler that builds numpy's arrays and Python's plain values, and refuses all else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what a pickle names, where it is harmless."""
        package, _, last = f"{module.partition('.')[0]}.{module.rpartition('.')[2]}".partition(".")
        if (last, name) in HARMLESS and package in PACKAGES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not built from a file")
