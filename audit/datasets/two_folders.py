"""Images and masks in two folders that lie side by side, chosen by their names and their part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.datasets.annotations import annotated
from audit.datasets.files import image_files, subfolders
from audit.datasets.found import FoundFolder
from audit.datasets.names import OBJECTS, FolderRole, role, words
from audit.datasets.one_folder import one_folder
from audit.datasets.pairs import as_called, keyed, paired, split_by_name
from audit.datasets.parts import TRAIN, chosen, has
from audit.datasets.seen import holds, nested, unrecognised
from audit.errors import DataError
from audit.images.headers import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.datasets.inside import Inside


def siblings(root: Path, inside: Inside, part: str) -> FoundFolder | None:
    """Return the pairs of folders of images and of masks that lie side by side."""
    images = images_of(root, inside, part)
    of_part = role(images.name).part if images != root else ""
    masks = masks_of(root, inside, of_part)
    place = plain(images.name) if of_part else ""
    parts = [child for child in subfolders(images) if role(child.name).part and holds(child)]
    if images != root and parts:
        images = chosen(images, parts, part)
        masks = masks and next((one for one in subfolders(masks) if one.name == images.name), masks)
        place = plain(images.name)
    if masks is None and inside.others and images not in inside.others:
        raise unrecognised(root, "images without masks beside a folder whose name says nothing")
    found = two_folders(images, masks, part, direct=images == root)
    return replace(found, name=f"{plain(root.name)}/{place}" if place else plain(root.name))


def images_of(root: Path, inside: Inside, part: str) -> Path:
    """Return the folder of images: by its part, else by its name, else what is left."""
    parts = [child for child in inside.images if role(child.name).part]
    whole = [child for child in inside.images if child not in parts]
    if parts and not (part == TRAIN and whole and not has(parts, part)):
        return chosen(root, parts, part)
    if len(whole) == 1:
        return whole[0]
    if whole:
        raise unrecognised(root, "several folders of images")
    if inside.parts:
        return chosen(root, inside.parts, part)
    if image_files(root):
        return root
    if len(inside.others) == 1:
        return inside.others[0]
    raise unrecognised(root, "masks, but which folder holds their images is not told by a name")


def masks_of(root: Path, inside: Inside, part: str) -> Path | None:
    """Return the folder of masks of a part; of two, that of numbered objects."""
    own = [child for child in inside.masks if role(child.name).part == part]
    fitting = own or [child for child in inside.masks if not role(child.name).part]
    if len(fitting) > 1:
        fitting = [child for child in fitting if OBJECTS & {*words(child.name)}]
        if len(fitting) != 1:
            raise unrecognised(root, "several folders of masks")
    return fitting[0] if fitting else None


def two_folders(
    images: Path, masks: Path | None, part: str = "", *, direct: bool = False
) -> FoundFolder:
    """Return what a folder of images and a folder of masks hold."""
    pictures = image_files(images) if direct else nested(images)
    drawn = nested(masks) if masks else []
    if masks is None or not drawn:
        return described_by(images, masks, pictures, part)
    pairs = paired(pictures, drawn, (images, masks))
    return FoundFolder(
        name=plain(f"{images.parent.name}/{images.name}"),
        layout=f"{images.name} + {masks.name}",
        images=pairs.images,
        masks=pairs.masks,
    )


def described_by(
    images: Path, masks: Path | None, pictures: Sequence[Path], part: str
) -> FoundFolder:
    """Return images whose truth is in files of outlines, in the same folder, or nowhere."""
    places = [masks] if masks else [images, images.parent]
    keys = keyed(pictures, images, as_called)
    found = annotated(keys, places, part)
    if found is None and masks is not None:
        raise DataError(no_masks(masks))
    if found is None:
        return one_folder(images, part)
    return FoundFolder(
        name=plain(f"{images.parent.name}/{images.name}"),
        layout=f"{images.name} + {found.format}",
        images={key: keys[key] for key in keys if key in found.truths or not of_set(found.format)},
        masks=found.truths,
    )


def of_set(format_: str) -> bool:
    """Say whether a format lists the images of a set, so that others are no part of it."""
    return format_.startswith("COCO")


def no_masks(masks: Path) -> str:
    """Return the sentence of a folder of masks that holds none."""
    others = sorted(
        {path.suffix.lower() or path.name for path in masks.iterdir() if path.is_file()}
    )
    held = f"holds {', '.join(map(plain, others))} only" if others else "is empty"
    return (
        f"{plain(masks)}: {held}, and no mask that is read; save the masks as TIFF, PNG or NPY, or "
        "move the folder away to audit without truth"
    )


def beside(folder: Path) -> FoundFolder | None:
    """Return the images of a folder that was named alone, with the masks that lie beside it."""
    said = role(folder.name)
    if said.kind == "images":
        masks = [
            one
            for one in subfolders(folder.parent)
            if role(one.name) == FolderRole("masks", said.part) and holds(one)
        ]
    elif said.part and role(folder.parent.name).kind == "images":
        around = subfolders(folder.parent.parent)
        masks = [
            one / folder.name
            for one in around
            if role(one.name).kind == "masks" and (one / folder.name).is_dir()
        ]
    else:
        return None
    if len(masks) != 1 or split_by_name(nested(folder))[1]:
        return None
    found = two_folders(folder, masks[0])
    return found if found.images.keys() & found.masks.keys() else None
