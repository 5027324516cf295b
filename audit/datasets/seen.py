"""What lies in a folder that is not recognised, as one line of a refusal; and listing below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.datasets.files import image_files, subfolders
from audit.datasets.names import role, stem
from audit.errors import DataError
from audit.images.headers import plain
from audit.images.reading import SUFFIXES, read_image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FOREIGN = frozenset(
    {".nd2", ".czi", ".lif", ".oib", ".oif", ".vsi", ".ims", ".dv", ".h5", ".hdf5", ".mat", ".zarr"}
    | {".dcm", ".nii", ".gz", ".mrc", ".jp2", ".webp", ".zip"}
)
"""Endings of images that are not read."""

LOOKED_AT = 12
SHOWN = 6
FLAT = 0.7
"""The share of neighbours within what is not the commonest value that are equal in a mask."""

FEW, FLATTER = 32, 0.85
"""Of more values than this, more: JPEG leaves up to three quarters of a picture's equal."""


def nested(folder: Path) -> list[Path]:
    """Return the image files of a folder and of all folders below it."""
    return [*below(folder)]


def holds(folder: Path) -> bool:
    """Say whether a folder or one below it holds an image file."""
    return any(True for _ in below(folder))


def below(folder: Path, above: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Yield the image files of a folder and of all folders below it, links back up left out."""
    yield from image_files(folder)
    here = (*above, folder)
    for child in subfolders(folder):
        if not child.is_symlink() or child.resolve() not in {one.resolve() for one in here}:
            yield from below(child, here)


def unrecognised(root: Path, why: str) -> DataError:
    """Return the refusal of a folder, with what its subfolders are by their names."""
    return DataError(
        f"{plain(root)}: {why}; seen: {lines(root)}; leave one folder of images and one of masks "
        "there, named images/ and masks/, or give a table (CSV) with the columns path and mask"
    )


def subfolders_of(root: Path) -> list[tuple[str, int, str]]:
    """Return each subfolder, how many images lie in it, and what it is by its name."""
    return [
        (f"{plain(child.name)}/", len(nested(child)), str(role(child.name)))
        for child in subfolders(root)
    ]


def lines(root: Path) -> str:
    """Return each subfolder with what it holds and what it would be, and the files themselves."""
    seen = [f"{name} ({counted(held)}, {said})" for name, held, said in subfolders_of(root)]
    more = [f"and {len(seen) - SHOWN} more"] if len(seen) > SHOWN else []
    own = len(image_files(root))
    return ", ".join(seen[:SHOWN] + more + ([f"{counted(own)} here"] if own else []))


def counted(images: int) -> str:
    """Return a number of images in words."""
    return "one image" if images == 1 else f"{images} images"


def foreign(folder: Path) -> list[str]:
    """Return the endings of files of microscopes and other programs below a folder."""
    found = (path.suffix.lower() for path in folder.rglob("*"))
    return sorted({ending for ending in found if ending in FOREIGN})


def companions(images: Sequence[Path], root: Path) -> list[Path]:
    """Return the files that bear an image's name and are of a kind that is not read.

    Outlines of ImageJ, an XML, a table: perhaps the truth. They are looked for beside the images
    and in the folders of the root.
    """
    stems = {stem(path) for path in images}
    places = {path.parent for path in images} | {root, *subfolders(root)}
    return sorted(
        path
        for place in places
        for path in place.iterdir()
        if path.suffix.lower() not in SUFFIXES
        and stem(path) in stems
        and path.is_file()
        and not path.name.startswith(".")
    )


def check_doubles(root: Path, images: Sequence[Path]) -> None:
    """Refuse images that lie in a folder and under the same names below it: previews, guesses."""
    own = {stem(path) for path in images if path.parent == root}
    doubles = [path for path in images if path.parent != root and stem(path) in own]
    if doubles:
        shown = plain(doubles[0].relative_to(root))
        raise unrecognised(root, f"images of the same names here and below ({shown})")


def check_alike(root: Path, images: Sequence[Path]) -> None:
    """Refuse images of which some look like masks: what is masked would be audited as an image.

    A few are looked at, of every subfolder the first and some spread over all.
    """
    firsts = {path.parent: path for path in reversed(images)}
    step = max(1, len(images) // LOOKED_AT)
    asked = sorted({*list(firsts.values())[:LOOKED_AT], *images[::step][:LOOKED_AT]})
    told = {path: like for path in asked if (like := mask_like(path)) is not None}
    masks = [path for path, like in told.items() if like]
    if masks and len(masks) == len(told) and role(root.name).kind == "masks":
        raise DataError(
            f"{plain(root)}: these look like masks, and so the folder is named; give the folder "
            "of the images, or that in which both lie"
        )
    if masks and len(masks) < len(told):
        shown = ", ".join(plain(path.relative_to(root)) for path in masks[:3])
        raise unrecognised(
            root, f"{len(masks)} of {len(told)} files that were looked at look like masks ({shown})"
        )


def mask_like(path: Path) -> bool | None:
    """Say whether an image is flat patches of whole numbers; None where it cannot be told."""
    try:
        planes = read_image(path)
    except DataError:
        return None
    if planes.min() == planes.max():
        return None
    return bool(np.all(planes == planes[0]) and np.all(planes % 1 == 0) and patches(planes[0]))


def patches(plane: NDArray[np.float32]) -> bool:
    """Say whether what is not of the commonest value has mostly equal neighbours."""
    values, counts = np.unique(plane, return_counts=True)
    inside = plane != values[counts.argmax()]
    pairs = inside[:, 1:] & inside[:, :-1]
    equal = plane[:, 1:] == plane[:, :-1]
    least = FLAT if values.size <= FEW else FLATTER
    return bool(pairs.any() and (equal & pairs).sum() > least * pairs.sum())
