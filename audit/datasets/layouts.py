"""Where a user's folder keeps its images and its masks, told by the names of folders and files.

What is not recognised is never read whole: a folder whose name says nothing beside one that says
"images", a part that is not there, two folders that could both be the masks, images of which some
look like masks, are refused with what was seen (`audit.datasets.seen`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.datasets.files import image_files
from audit.datasets.found import FoundFolder
from audit.datasets.inside import Inside, has_roles, inner
from audit.datasets.one_folder import one_folder
from audit.datasets.parts import TRAIN, chosen
from audit.datasets.seen import foreign, unrecognised
from audit.datasets.two_folders import beside, siblings
from audit.errors import DataError
from audit.images.headers import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.images.outlines import Outlines


def find(root: Path, part: str) -> FoundFolder:
    """Return the images and masks of the layout that fits; raises DataError where none does."""
    if not root.is_dir():
        raise DataError(f"{plain(root)}: expected a folder of images; check the path")
    found = look(root, part)
    if found is None or not found.images:
        held = foreign(root)
        more = f"; it holds {', '.join(held)}: export them as TIFF" if held else ""
        raise DataError(
            f"{plain(root)}: no images found; looked for TIFF, PNG, JPEG, GIF, BMP or NumPy files "
            f"here, in subfolders, and in images/ + masks/, source/ + target/, imagesTr/{more}"
        )
    return found


def look(root: Path, part: str) -> FoundFolder | None:
    """Return what a folder holds in the part; None where it holds no image."""
    inside = inner(root)
    if inside.parts and apart(inside, part):
        below = look(chosen(root, inside.parts, part), part)
        return below and replace(below, name=f"{plain(root.name)}/{below.name}")
    if inside.images or inside.masks:
        return siblings(root, inside, part)
    if inside.others and (below := within(root, inside.others, part)):
        return below
    return beside(root) or one_folder(root, part)


def apart(inside: Inside, part: str) -> bool:
    """Say whether a part lies in a folder of its own: what lies beside those is for training."""
    return not inside.masks if not inside.images else part != TRAIN


def within(root: Path, others: Sequence[Path], part: str) -> FoundFolder | None:
    """Return what folders of an item or a movie each hold; None where they hold plain files."""
    if not any(has_roles(child) for child in others):
        return None
    if not image_files(root) and (items := folders_of_items(root, others)):
        return items
    if len(others) == 1 and not image_files(root):
        below = look(others[0], part)
        return below and replace(below, name=plain(root.name))
    if image_files(root) or not all(has_roles(child) for child in others):
        raise unrecognised(root, "folders of images and masks beside others")
    images: dict[str, Path] = {}
    masks: dict[str, tuple[Path | Outlines, ...]] = {}
    for child in others:
        below = look(child, part)
        if below:
            images |= {f"{plain(child.name)}/{key}": path for key, path in below.images.items()}
            masks |= {f"{plain(child.name)}/{key}": path for key, path in below.masks.items()}
    return FoundFolder(name=plain(root.name), layout="a folder a movie", images=images, masks=masks)


def folders_of_items(root: Path, others: Sequence[Path]) -> FoundFolder | None:
    """Return images that have a folder each, with a file for every object; None where they do not.

    One image a folder and somewhere several masks: the objects of one image lie in many files.
    """
    images: dict[str, Path] = {}
    masks: dict[str, tuple[Path, ...]] = {}
    for child in others:
        inside = inner(child)
        if len(inside.images) != 1 or len(inside.masks) > 1:
            return None
        pictures = image_files(inside.images[0])
        if len(pictures) != 1:
            return None
        images[plain(child.name)] = pictures[0]
        drawn = image_files(inside.masks[0]) if inside.masks else []
        masks |= {plain(child.name): tuple(drawn)} if drawn else {}
    if not any(len(drawn) > 1 for drawn in masks.values()):
        return None
    return FoundFolder(
        name=plain(root.name), layout="a folder an image", images=images, masks=masks
    )
