"""Images and masks in memory as samples; nothing is guessed that their numbers do not show."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.datasets.files import OBJECTS, read_as
from audit.datasets.folder import origin_of
from audit.datasets.groups import EACH, captured, expression
from audit.datasets.labels import meaning
from audit.datasets.likeness import compared
from audit.datasets.movies import LEAST
from audit.datasets.numbers import classes_of, objects_of
from audit.datasets.sample import Dataset, Sample, spread
from audit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.datasets.folder import FolderReading
    from audit.meaning import MaskMeaning

FLAT, DEEP = 2, 3
"""Axes of an image without channels, and with them."""

FEW = 5
"""An axis of so many is taken for channels."""


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """Images (Y, X) or (Y, X, C) with their masks (Y, X), as arrays.

    A mask holds classes or object numbers, background 0, or is None where nobody drew one. `names`
    are what the record calls the images, `groups` say which belong together (movie, plate, donor);
    `pixel_um` is the edge of a pixel in micrometres.
    """

    images: Sequence[NDArray[Any]]
    masks: Sequence[NDArray[Any] | None] | None = None
    names: Sequence[str] | None = None
    groups: Sequence[str] | None = None
    pixel_um: float | None = None

    def __post_init__(self) -> None:
        if not len(self.images):
            raise DataError("images: expected at least one array, got none")
        for name in ("masks", "names", "groups"):
            one = getattr(self, name)
            if one is not None and len(one) != len(self.images):
                raise DataError(f"{name}: {len(one)} for {len(self.images)} images; give as many")


def read_arrays(arrays: Arrays, dataset: str, how: FolderReading) -> Dataset:
    """Return the samples of arrays, under the name of a dataset.

    Raises DataError that names the image where an array is none, is not finite, or has a mask of
    another size.
    """
    images = [image_of(one, f"images[{n}]") for n, one in enumerate(arrays.images)]
    masks = [
        mask_of(one, f"masks[{n}]") for n, one in enumerate(arrays.masks or [None] * len(images))
    ]
    for number, (image, mask) in enumerate(zip(images, masks, strict=True)):
        check_sizes(image, mask, number)
    names = [str(one) for one in arrays.names or (f"{n:03d}" for n in range(len(images)))]
    groups, said = grouped(arrays, images, names, dataset, how.group)
    told = meaning_of(masks, how)
    kept = spread(range(len(images)), groups, how.every, how.limit)
    samples = tuple(
        sample(
            images[n],
            masks[n],
            told or OBJECTS,
            id=f"{dataset}/{names[n]}",
            group=groups[n],
            frame=n,
            part=how.part,
            dataset=dataset,
            pixel_um=how.pixel_um or arrays.pixel_um,
        )
        for n in kept
    )
    origin = origin_of("arrays", how, told)
    return Dataset(samples=samples, origin=origin | ({"groups": said} if said else {}))


def image_of(given: Any, name: str) -> NDArray[np.float32]:
    """Return an image as float32 (C, Y, X), in its own intensities."""
    array = np.asarray(given)
    if array.dtype.kind not in "buif":
        raise DataError(f"{name}: expected numbers, got {array.dtype}")
    if array.ndim not in (FLAT, DEEP):
        raise DataError(f"{name}: expected (Y, X) or (Y, X, C), got a shape of {array.shape}")
    if array.ndim == DEEP and array.shape[0] < FEW <= array.shape[-1]:
        raise DataError(
            f"{name}: expected (Y, X, C), got {array.shape}, which looks like (C, Y, X); move the "
            "channels to the end: np.moveaxis(image, 0, -1)"
        )
    planes = array[None] if array.ndim == FLAT else np.moveaxis(array, -1, 0)
    image = np.array(planes, dtype=np.float32, order="C")
    if not np.isfinite(image).all():
        raise DataError(f"{name}: holds NaN or infinite pixels; mend or leave out this image")
    return image


def mask_of(given: Any, name: str) -> NDArray[np.int32] | None:
    """Return the numbers of a mask, int32 (Y, X)."""
    if given is None:
        return None
    array = np.asarray(given)
    if array.ndim != FLAT or array.dtype.kind not in "buif":
        raise DataError(f"{name}: expected numbers (Y, X), got {array.dtype} {array.shape}")
    numbers = array.astype(np.int32)
    if not np.array_equal(numbers, array):
        raise DataError(f"{name}: holds fractions or too large numbers; masks are whole numbers")
    return numbers


def check_sizes(image: NDArray[np.float32], mask: NDArray[np.int32] | None, number: int) -> None:
    """Refuse a mask of another size than its image."""
    if mask is not None and mask.shape != image.shape[1:]:
        raise DataError(
            f"images[{number}] is {image.shape[1:]} but masks[{number}] is {mask.shape} pixels "
            "(Y, X); are they the same field? masks are never resized"
        )


def meaning_of(masks: Sequence[NDArray[np.int32] | None], how: FolderReading) -> MaskMeaning | None:
    """Return what the numbers of masks mean, as for the files of a folder; None without any."""
    drawn = [
        (f"masks[{n}]", partial(np.asarray, one)) for n, one in enumerate(masks) if one is not None
    ]
    return meaning(drawn, how.hints, "masks") if drawn else None


def grouped(
    arrays: Arrays,
    images: Sequence[NDArray[np.float32]],
    names: Sequence[str],
    dataset: str,
    group: str | None,
) -> tuple[list[str], str]:
    """Return the group of each image, and what a reader must know of how they were grouped.

    Where nobody says, images that look like their neighbours are taken as one movie, as numbered
    images of a folder are.
    """
    alone = [f"{dataset}/{name}" for name in names]
    if arrays.groups is not None:
        return [str(one) for one in arrays.groups], ""
    if group == EACH:
        return alone, ""
    if group is not None:
        return [found_in(name, group) for name in names], ""
    if len(images) < LEAST:
        return alone, ""
    alike = compared([range(len(images))], images.__getitem__)
    if alike.movie:
        said = "taken as one movie; say groups=, or group='each' if every image stands alone"
        return [dataset] * len(images), f"{len(images)} arrays{alike.words}: {said}"
    said = "each is taken as independent; say groups= if some belong together"
    return alone, f"{len(images)} arrays{alike.words}: {said}"


def found_in(name: str, group: str) -> str:
    """Return the group that an expression finds in a name."""
    if found := captured(expression(group).search(name)):
        return found
    raise DataError(f"group {group!r}: not found in {name}; widen the expression, or say groups=")


def sample(
    image: NDArray[np.float32],
    numbers: NDArray[np.int32] | None,
    told: MaskMeaning,
    **place: Any,
) -> Sample:
    """Return one image with its truth; what is read are copies."""
    objects = None
    if numbers is not None and told.kind == "instances":
        objects = partial(objects_of, numbers, told)
    return Sample(
        image=image.copy,
        shape=(image.shape[0], image.shape[1], image.shape[2]),
        digest=digest(image, numbers, told),
        mask=None if numbers is None else partial(classes_of, numbers, told),
        instances=objects,
        **place,
    )


def digest(image: NDArray[np.float32], numbers: NDArray[np.int32] | None, told: MaskMeaning) -> str:
    """Return 16 hexadecimal digits of the arrays' bytes and what the numbers mean."""
    shapes = [image.shape, None if numbers is None else numbers.shape, read_as(told)]
    total = hashlib.sha256(json.dumps(shapes).encode())
    for array in (image, numbers):
        total.update(b"" if array is None else array.tobytes())
    return total.hexdigest()[:16]
