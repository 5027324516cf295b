"""What the layouts share: listing a folder, digests of files, and a sample made of files.

Junk that file browsers and copies leave behind is passed over; anything else that cannot be used is
refused by name. Listing reads headers and hashes bytes; pixels are decoded when they are asked for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audit.datasets.numbers import classes_of, objects_of
from audit.datasets.sample import Sample
from audit.errors import DataError
from audit.images.orientation import swaps
from audit.images.outlines import Outlines
from audit.images.reading import (
    SUFFIXES,
    header_of,
    image_shape,
    plain,
    read_image,
    read_labels,
)
from audit.images.source import Source
from audit.meaning import MaskMeaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

OBJECTS = MaskMeaning(kind="instances", because="layout")
"""What masks mean whose layout says that each number is an object."""


Truth = Path | Source | Outlines
"""A file of numbers, one frame of it, or outlines that a file describes."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One image, its truth (none, one file, or one file an object), and its place."""

    id: str
    image: Path | Source
    truth: tuple[Truth, ...] = ()
    group: str = ""
    frame: int = 0
    complete: bool = True
    pixel_um: float | None = None


def image_files(folder: Path) -> list[Path]:
    """Return the image files of a folder by name, hidden ones (._t000.tif) passed over."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"{plain(folder)}: cannot be listed ({error.strerror})") from error
    return [
        path
        for path in entries
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and not path.is_dir()
    ]


def subfolders(folder: Path) -> list[Path]:
    """Return the folders in a folder by name, hidden ones passed over."""
    found = (path for path in folder.iterdir() if path.is_dir())
    return sorted(path for path in found if not path.name.startswith((".", "__MACOSX")))


def digest(paths: Sequence[Truth], **options: object) -> str:
    """Return 16 hexadecimal digits of the files' bytes and the options that change the reading."""
    total = hashlib.sha256(json.dumps(options, sort_keys=True).encode())
    for path in paths:
        if isinstance(path, Outlines):
            total.update(path.digest())
            continue
        if isinstance(path, Source):
            total.update(json.dumps(path.options, sort_keys=True).encode())
        try:
            with Path(path).open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise DataError(f"{plain(path)}: cannot be read ({error.strerror})") from error
    return total.hexdigest()[:16]


def file_sample(item: Item, *, meaning: MaskMeaning | None, part: str, dataset: str) -> Sample:
    """Return the sample of an item, its headers checked and its pixels left for later.

    `meaning` is that of the whole set's masks, None where there are none.
    Raises DataError where a header cannot be used or the shapes of image and mask differ.
    """
    shape = image_shape(item.image)
    for truth in item.truth:
        _check_shapes(item.image, shape, truth, image_shape(truth))
    meaning = meaning or OBJECTS
    has_truth = bool(item.truth) and meaning.kind != "unknown"
    separate = has_truth and meaning.kind == "instances"
    return Sample(
        id=item.id,
        image=partial(read_image, item.image),
        shape=shape,
        digest=digest((item.image, *item.truth), complete=item.complete, **read_as(meaning)),
        part=part,
        dataset=dataset,
        group=item.group,
        frame=item.frame,
        mask=partial(read_mask, item.truth, meaning) if has_truth else None,
        instances=partial(read_objects, item.truth, meaning) if separate else None,
        complete=item.complete,
        pixel_um=item.pixel_um or header_of(item.image).pixel_um,
    )


def _check_shapes(
    image: Path | Source, shape: tuple[int, int, int], truth: Truth, other: tuple[int, int, int]
) -> None:
    """Refuse a mask of another size than its image, with the likely mistake."""
    if shape[1:] == other[1:]:
        return
    remedy = "are they the same field? masks are never resized"
    turned = header_of(image).orientation
    if swaps(turned) and shape[1:] == other[:0:-1]:
        remedy = f"the image is turned by its tag (orientation {turned}): save both as shown"
    elif shape[1:] == other[:0:-1]:
        remedy = "the mask is transposed: swap its axes"
    elif max(abs(a - b) for a, b in zip(shape[1:], other[1:], strict=True)) <= 1:
        remedy = "one pixel off: export both from the same frame, without interpolation"
    elif all(a == 2 * b or b == 2 * a for a, b in zip(shape[1:], other[1:], strict=True)):
        remedy = "a factor of two: export both at the same binning"
    raise DataError(
        f"{plain(image)} is {shape[1:]} but {plain(truth)} is {other[1:]} pixels (Y, X); {remedy}"
    )


def read_as(meaning: MaskMeaning) -> dict[str, object]:
    """Return what changes the reading of a mask, for its digest."""
    said = {str(number): goal for number, goal in sorted(meaning.mapping.items())}
    return {"labels": meaning.kind} | ({"mapping": said} if said else {})


def read_numbers(truth: Sequence[Truth]) -> NDArray[np.int32]:
    """Return the numbers (Y, X) of a mask; many files of one object each merge, the later covers.

    Raises DataError where one of many files holds more than one object.
    """
    if len(truth) == 1:
        return read_labels(truth[0], lowest=np.iinfo(np.int32).min)
    merged = (read_object(truth[0])).astype(np.int32)
    for number, path in enumerate(truth[1:], start=2):
        merged[read_object(path)] = number
    return merged


def read_object(path: Truth) -> NDArray[np.bool_]:
    """Return where the object of a file lies, (Y, X)."""
    numbers = read_labels(path)
    inside = numbers > 0
    if inside.any() and np.any(numbers[inside] != numbers.max()):
        raise DataError(
            f"{plain(path)}: one of many files of an object each, but it holds several numbers; "
            "save the object as one number, cut at half where it was interpolated"
        )
    return inside


def read_mask(truth: Sequence[Truth], meaning: MaskMeaning) -> NDArray[np.int64]:
    """Return the classes (Y, X) of files of numbers."""
    return classes_of(read_numbers(truth), meaning)


def read_objects(truth: Sequence[Truth], meaning: MaskMeaning) -> NDArray[np.int32]:
    """Return the object numbers (Y, X) of files of numbers."""
    return objects_of(read_numbers(truth), meaning)
