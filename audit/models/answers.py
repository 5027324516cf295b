"""Files of predictions (TIFF, PNG, NPY): which of them answers for which image, and what it says.

An answer has its image's name, which may be followed by a word for what it is: for `a.tif`, `a.png`
or `a_cp_masks.tif`; for `a_0000.tif` of nnU-Net, `a.tif`; for `t003.tif` of the Cell Tracking
Challenge, `mask003.tif`. Never by order.
"""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003 (doctests use it)
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.errors import DataError, ModelError
from audit.images.reading import header_of, plain, read_image, read_labels
from audit.models.numbers import SHARES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SUFFIXES = (".tif", ".tiff", ".png", ".npy")
"""The endings of answers, in lower case."""

WORDS = re.compile(
    r"[_.-](?:cp_masks|masks?|labels?|pred|predictions?|predicted|prob|probs|probability|"
    r"probabilities|probmap|seg|segmentation|instances?|objects?|out|output|result)$",
    re.IGNORECASE,
)
"""What may follow an image's name in that of its answer."""

PICKLED = "_seg.npy"
"""What Cellpose leaves beside its masks: a pickle, which is never opened."""


def listed(folder: Path) -> dict[str, Path]:
    """Return the answers below a folder by their path without its ending."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        here = path.relative_to(folder)
        if path.suffix.lower() not in SUFFIXES or any(n.startswith(".") for n in here.parts):
            continue
        if path.name.endswith(PICKLED):
            continue
        key = plain(here.parent / re.sub(r"\.ome$", "", path.stem, flags=re.IGNORECASE))
        if key in found:
            raise ModelError(
                f"{plain(folder)}: {plain(here)} and {found[key].name} answer for the same image; "
                "remove one"
            )
        found[key] = path
    return found


def answering(image: str, files: Mapping[str, Path]) -> Path | None:
    """Return the answer for an image, named by its path without its ending; None without one.

    ModelError where there are several, such as an image and its mask side by side.

    >>> answering("a", {"a_masks": Path("a_masks.tif"), "b": Path("b.tif")})
    PosixPath('a_masks.tif')
    """
    wanted = {image, alike(image), image.removesuffix("_0000")}
    keys = [key for key in files if {key, alike(WORDS.sub("", key))} & wanted]
    if len(keys) > 1:
        raise ModelError(f"{image}: {' and '.join(map(repr, keys))} both answer for it; remove one")
    return files[keys[0]] if keys else None


def alike(name: str) -> str:
    """Return what two names of the Cell Tracking Challenge have in common.

    >>> alike("t003") == alike("mask003"), alike("02/t003") == alike("02/mask004")
    (True, False)
    """
    return re.sub(r"(^|/)(?:t|mask)(\d{3,})$", r"\1t\2", name)


def check_size(path: Path, size: tuple[int, int]) -> None:
    """Raise ModelError where a prediction is not as large as its image (Y, X)."""
    try:
        shape = shape_of(path)
    except DataError as error:
        raise ModelError(f"a prediction cannot be read: {error}") from error
    ends = (shape[:2], shape[-2:])
    if size not in ends:
        remedy = "its axes are swapped" if size[::-1] in ends else "write it as large as the image"
        raise ModelError(
            f"{plain(path.name)}: a prediction of {ends[1]} for an image of {size} pixels (Y, X); "
            f"{remedy}"
        )


def shape_of(path: Path) -> tuple[int, ...]:
    """Return the shape of a prediction; only a header is read."""
    return read_npy(path).shape if is_npy(path) else header_of(path).shape


def is_npy(path: Path) -> bool:
    """Return whether a file is named as NPY."""
    return path.suffix.lower() == ".npy"


def read_answer(path: Path, size: tuple[int, int], output: str | None) -> NDArray[Any]:
    """Return the numbers in a file, (Y, X) or with channels, for an image of a size (Y, X).

    `output` is what they are declared as, None where that is to be told by them. For probabilities
    whole numbers may stand, from 0 to the highest of their type. Raises ModelError that names the
    file.
    """
    check_size(path, size)
    try:
        found = np.array(read_npy(path)) if is_npy(path) else read_picture(path, output)
    except DataError as error:
        raise ModelError(f"a prediction cannot be read: {error}") from error
    return scaled(path, found) if output in SHARES else found


def read_npy(path: Path) -> NDArray[Any]:
    """Return the array in an NPY file, mapped and not read, without ever unpickling."""
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{plain(path)}: not readable as NPY ({str(error)[:120]})") from error


def read_picture(path: Path, output: str | None) -> NDArray[Any]:
    """Return the pixels of a TIFF or PNG file: (Y, X) of labels, else (C, Y, X)."""
    dtype = np.dtype(header_of(path).dtype)
    if dtype.kind == "f" or output in SHARES:
        return read_image(path).astype(dtype)
    try:
        labels = read_labels(path)
    except DataError:
        if output is not None:
            raise
        # No labels: what else it may be is told by the numbers as they are.
        return read_image(path).astype(dtype)
    return labels.astype(bool) if dtype.kind == "b" else labels


def scaled(path: Path, found: NDArray[Any]) -> NDArray[Any]:
    """Return probabilities of whole numbers, from 0 to the highest of their type, as 0..1."""
    if found.dtype.kind != "u" or not found.any():
        return found
    if found.max() == 1:
        raise ModelError(
            f"{plain(path)}: declared as probabilities, but it holds 0 and 1 alone, in whole "
            "numbers: say --output labels, or write fractions"
        )
    return found.astype(np.float32) / np.iinfo(found.dtype).max
