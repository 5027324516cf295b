"""Where a user's folder keeps its images and its masks, and the names that pair them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.datasets.files import image_files, subfolders
from audit.errors import DataError
from audit.images.reading import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAIRS = (
    ("images", "masks", ""),
    ("images", "labels", ""),
    ("image", "mask", ""),
    ("source", "target", ""),
    ("training - images", "training - masks", "train"),
    ("test - images", "test - masks", "test"),
    ("imagestr", "labelstr", "train"),
    ("imagests", "labelsts", "test"),
)
"""Names of the folders of images and of masks, lower case, and the part they belong to."""

PARTS = {
    "train": ("train", "training"),
    "test": ("test", "testing"),
    "other": ("val", "validation"),
}
"""Subfolders that hold a part of the dataset."""

_MASK_END = re.compile(r"(_cp)?[_ -](masks?|labels?|gt|seg)$", re.IGNORECASE)
_IMAGE_END = re.compile(r"[_ -](img|images?|raw)$", re.IGNORECASE)
_MASK_START = re.compile(r"^masks?[_ -]?(?=\d)", re.IGNORECASE)
_IMAGE_START = re.compile(r"^im(g|age)s?[_ -]?(?=\d)", re.IGNORECASE)
_CHANNEL_END = re.compile(r"_0000$")


@dataclass(frozen=True, kw_only=True)
class FoundFolder:
    """The images and the masks of a folder by the name they share; `name` starts their ids."""

    name: str
    layout: str
    images: dict[str, Path]
    masks: dict[str, tuple[Path, ...]]


def find(root: Path, part: str) -> FoundFolder:
    """Return the images and masks of the first layout that fits; raises DataError where none."""
    if not root.is_dir():
        raise DataError(f"{plain(root)}: expected a folder of images; check the path")
    for name in PARTS.get(part, ()):
        inner = [child for child in subfolders(root) if child.name.lower() == name]
        if inner and not _two_folders(root, part):
            below = find(inner[0], part)
            return replace(below, name=f"{plain(root.name)}/{below.name}")
    found = _two_folders(root, part) or _folder_an_image(root) or _one_folder(root)
    if not found.images:
        raise DataError(
            f"{plain(root)}: no images found; looked for TIFF, PNG or JPEG files here, in "
            "subfolders, and in images/ + masks/, source/ + target/, Training - Images/, imagesTr/"
        )
    return found


def _two_folders(root: Path, part: str) -> FoundFolder | None:
    """Return the pairs of two sibling folders, those of the part before those of no part."""
    inner = {child.name.lower(): child for child in subfolders(root)}
    fitting = [pair for pair in PAIRS if pair[0] in inner and pair[2] in ("", part)]
    fitting = fitting or [pair for pair in PAIRS if pair[0] in inner and pair[1] in inner]
    fitting.sort(key=lambda pair: (pair[1] not in inner, pair[2] == ""))
    if not fitting:
        return None
    images, masks, own = fitting[0]
    found = two_folders(inner[images], inner.get(masks))
    return found if own else replace(found, name=plain(root.name))


def two_folders(images: Path, masks: Path | None) -> FoundFolder:
    """Return what a folder of images and a folder of masks hold."""
    return FoundFolder(
        name=plain(f"{images.parent.name}/{images.name}"),
        layout=f"{images.name} + {masks.name if masks else 'nothing'}",
        images=_keyed(images, nested(images)),
        masks=_single(masks, nested(masks)) if masks else {},
    )


def _folder_an_image(root: Path) -> FoundFolder | None:
    """Return the images that have a folder each, with a mask file for every object."""
    outer = root / "stage1_train" if (root / "stage1_train").is_dir() else root
    images: dict[str, Path] = {}
    masks: dict[str, tuple[Path, ...]] = {}
    for child in subfolders(outer):
        for path in image_files(child / "images") if (child / "images").is_dir() else ():
            if child.name in images:
                raise DataError(f"{plain(child / 'images')}: expected one image, got more")
            images[child.name] = path
            several = image_files(child / "masks") if (child / "masks").is_dir() else []
            masks |= {child.name: tuple(several)} if several else {}
    if not images:
        return None
    return FoundFolder(
        name=plain(root.name), layout="a folder an image", images=images, masks=masks
    )


def _one_folder(root: Path) -> FoundFolder:
    """Return the images of one folder and its subfolders, masks told by the end of their names."""
    paths = nested(root)
    ends = (_MASK_END, _MASK_START)
    masks = [path for path in paths if any(end.search(_stem(path)) for end in ends)]
    images = [path for path in paths if path not in set(masks)]
    return FoundFolder(
        name=plain(root.name),
        layout="one folder",
        images=_keyed(root, images),
        masks=_single(root, masks),
    )


def nested(folder: Path) -> list[Path]:
    """Return the image files of a folder and of one level of subfolders."""
    return image_files(folder) + [path for sub in subfolders(folder) for path in image_files(sub)]


def _stem(path: Path) -> str:
    """Return the name without its ending; .ome.tif is one ending."""
    return re.sub(r"\.ome$", "", path.stem, flags=re.IGNORECASE)


def _keyed(root: Path, paths: Iterable[Path]) -> dict[str, Path]:
    """Return the files by subfolder and bare name; raises DataError where two share one."""
    found: dict[str, Path] = {}
    for path in paths:
        bare = _stem(path)
        for affix in (_CHANNEL_END, _IMAGE_END, _MASK_END, _IMAGE_START, _MASK_START):
            bare = affix.sub("", bare)
        above = path.parent.relative_to(root).as_posix()
        key = plain(bare if above == "." else f"{above}/{bare}")
        if key in found:
            raise DataError(
                f"{plain(path)}: the same item as {plain(found[key].name)}; rename or remove one"
            )
        found[key] = path
    return found


def _single(root: Path, paths: Iterable[Path]) -> dict[str, tuple[Path, ...]]:
    """Return masks of one file an image by the name they share with it."""
    return {key: (path,) for key, path in _keyed(root, paths).items()}
