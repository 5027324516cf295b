"""Images and masks in one folder, told by the starts and the ends of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.datasets.annotations import annotated, described
from audit.datasets.found import FoundFolder
from audit.datasets.names import bare_image
from audit.datasets.pairs import as_called, keyed, paired, split_by_name
from audit.datasets.seen import check_alike, check_doubles, companions, nested
from audit.errors import DataError
from audit.images.headers import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def one_folder(root: Path, part: str) -> FoundFolder:
    """Return the images of one folder and those below, masks told by the ends of their names."""
    images, masks, derived = split_by_name(nested(root))
    check_doubles(root, images)
    name = plain(root.name)
    if masks:
        pairs = paired(images, masks, (root, root))
        return FoundFolder(
            name=name,
            layout="one folder",
            images=pairs.images,
            masks=pairs.masks,
            derived=tuple(derived),
        )
    check_alike(root, images)
    keys = keyed(images, root, bare_image if unique(images, root) else as_called)
    found = annotated(keys, [root], part) if keys and holds_text(root, images) else None
    return FoundFolder(
        name=name,
        layout=f"one folder + {found.format}" if found else "one folder",
        images=keys,
        masks=found.truths if found else {},
        derived=tuple(derived),
        unread=() if found else tuple(companions(images, root)),
    )


def unique(images: Sequence[Path], root: Path) -> bool:
    """Say whether images keep a name each without their affixes."""
    try:
        keyed(images, root, bare_image)
    except DataError:
        return False
    return True


def holds_text(root: Path, images: Sequence[Path]) -> bool:
    """Say whether files that may describe objects lie beside images."""
    return any(described(place) for place in {root, *(path.parent for path in images)})
