"""Where a user's folder keeps its images and its masks, told by the names of folders and files.

What is not recognised is never read whole: a folder whose name says nothing beside one that says
"images", a part that is not there, two folders that could both be the masks, images of which some
look like masks, are refused with what was seen (`audit.datasets.seen`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.datasets.annotations import annotated, described
from audit.datasets.files import image_files, subfolders
from audit.datasets.names import OBJECTS, Role, bare_image, role, words
from audit.datasets.pairs import as_called, keyed, paired, split_by_name
from audit.datasets.parts import TRAIN, chosen, has
from audit.datasets.seen import (
    check_alike,
    check_doubles,
    companions,
    foreign,
    holds,
    nested,
    unrecognised,
)
from audit.errors import DataError
from audit.images.headers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from audit.images.outlines import Outlines

STAGE = "stage1_train"
"""The only part of the Data Science Bowl with masks, read whatever the part."""


@dataclass(frozen=True, kw_only=True)
class FoundFolder:
    """The images and the masks of a folder by the name they share; `name` starts their ids.

    `derived` are files that were passed over since a program drew them of others, `unread` those
    that bear an image's name where no truth was found.
    """

    name: str
    layout: str
    images: dict[str, Path]
    masks: Mapping[str, tuple[Path | Outlines, ...]]
    derived: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Inside:
    """The subfolders of a folder that hold something, by what their names say."""

    images: tuple[Path, ...]
    masks: tuple[Path, ...]
    parts: tuple[Path, ...]
    others: tuple[Path, ...]


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


def inner(root: Path) -> Inside:
    """Return the subfolders of a folder by what their names say; the empty only where of masks."""
    roles = {child: role(child.name) for child in subfolders(root)}
    roles |= {child: Role() for child in roles if child.name == STAGE}
    full = {child for child, said in roles.items() if said.kind == "masks" or holds(child)}

    def of(kind: str, *, parts: bool | None = None) -> tuple[Path, ...]:
        return tuple(
            child
            for child in sorted(full)
            if roles[child].kind == kind and parts in (None, bool(roles[child].part))
        )

    return Inside(
        images=of("images"), masks=of("masks"), parts=of("", parts=True), others=of("", parts=False)
    )


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


def has_roles(folder: Path) -> bool:
    """Say whether a folder holds folders of images or of masks, at any depth."""
    inside = inner(folder)
    return bool(inside.images or inside.masks) or any(has_roles(child) for child in inside.others)


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


def beside(folder: Path) -> FoundFolder | None:
    """Return the images of a folder that was named alone, with the masks that lie beside it."""
    said = role(folder.name)
    if said.kind == "images":
        masks = [
            one
            for one in subfolders(folder.parent)
            if role(one.name) == Role("masks", said.part) and holds(one)
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
