"""What lies in a folder that is not recognised, as one line of a refusal; and listing below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.datasets.files import image_files, subfolders
from audit.datasets.names import role
from audit.errors import DataError
from audit.images.headers import plain
from audit.images.reading import read_image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

DEEPEST = 8
"""Levels of folders that are read; a link that leads back up ends here."""

LOOKED_AT = 12
SHOWN = 6
FLAT = 0.7
"""The share of neighbours within what is not the commonest value that are equal in a mask."""


def nested(folder: Path, depth: int = DEEPEST) -> list[Path]:
    """Return the image files of a folder and of all folders below it."""
    below = subfolders(folder) if depth else []
    return image_files(folder) + [path for sub in below for path in nested(sub, depth - 1)]


def unrecognised(root: Path, why: str) -> DataError:
    """Return the refusal of a folder, with what its subfolders are by their names."""
    return DataError(
        f"{plain(root)}: {why}; seen: {lines(root)}; name the folders images/ and masks/, or "
        "give a table (CSV) with the columns path and mask"
    )


def lines(root: Path) -> str:
    """Return each subfolder with what it holds and what it would be, and the files themselves."""
    seen = [
        f"{plain(child.name)}/ ({len(nested(child))} images, {role(child.name)})"
        for child in subfolders(root)
    ]
    more = [f"and {len(seen) - SHOWN} more"] if len(seen) > SHOWN else []
    own = len(image_files(root))
    return ", ".join(seen[:SHOWN] + more + ([f"{own} images beside them"] if own else []))


def check_alike(root: Path, images: Sequence[Path]) -> None:
    """Refuse images of which some look like masks: what is masked would be audited as an image.

    A few are looked at, of every subfolder the first and some spread over all.
    """
    firsts = {path.parent: path for path in reversed(images)}
    step = max(1, len(images) // LOOKED_AT)
    asked = sorted({*list(firsts.values())[:LOOKED_AT], *images[::step][:LOOKED_AT]})
    told = {path: like for path in asked if (like := mask_like(path)) is not None}
    masks = [path for path, like in told.items() if like]
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
    return bool(pairs.any() and (equal & pairs).sum() > FLAT * pairs.sum())
