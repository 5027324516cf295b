"""The segmentation sets of DeepBacs, as their archives unpack.

    train/brightfield  train/masks_RoiMap  train/masks_binary     E. coli, bright field
    brightfield_dataset/train/patches/{brightfield,masks}         S. aureus, and a fluorescence twin
    training/source    training/target                            B. subtilis and the mixed set
    train/fluorescence train/masks                                B. subtilis, pix2pix

Source: Spahn et al. 2022, doi:10.1038/s42003-022-03634-z; CC-BY-4.0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audit.datasets.files import subfolders
from audit.datasets.folder import FolderReading, read_found
from audit.datasets.layouts import PARTS, two_folders
from audit.errors import DataError
from audit.images.reading import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.datasets.sample import Dataset, Sample

IMAGES = ("brightfield", "fluorescence", "source")
"""Folders of images."""

MASKS = ("masks_roimap", "target", "masks", "masks_binary")
"""Folders of masks, the most telling first; what their numbers mean, the numbers tell."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """A published set, told by a word of its folder's path and by its folders of images and masks.

    `pixel_um` is the edge of a pixel as the Zenodo record states it; `complete` is false where the
    truth leaves cells out.
    """

    word: str
    images: tuple[str, ...]
    masks: tuple[str, ...]
    pixel_um: float
    complete: bool = True


PUBLISHED = (
    Published(
        word="staph",
        images=("patches/brightfield", "patches/fluorescence"),
        masks=("masks",),
        pixel_um=0.08,
        complete=False,
    ),
    Published(
        word="e.coli",
        images=("brightfield",),
        masks=("masks_roimap", "masks_binary"),
        pixel_um=0.079,
    ),
    Published(word="b.subtilis", images=("fluorescence",), masks=("masks",), pixel_um=0.065),
)
"""What is known beside the files; a word in a path alone tells nothing."""

MIXED = {"JE2": (0.08, False), "pos": (0.079, True), "train_": (0.065, True)}
"""Pixel size and completeness in the mixed set, by the start of an image's name."""


def is_deepbacs(folder: Path) -> bool:
    """Say whether a folder unpacks like one of the archives."""
    return any(_places(folder, part) is not None for part in ("train", "test"))


def read_deepbacs(folder: str | Path, reading: FolderReading | None = None) -> Dataset:
    """Return a part of a DeepBacs set, from the whole fields or else from their patches.

    The truth of S. aureus, told by its archive's folders, leaves cells out and counts as sparse.
    Patches of one field are not independent: name the field with `group`. Raises DataError where
    the part is not there.
    """
    root, how = Path(folder), reading or FolderReading()
    places = _places(root, how.part)
    if places is None:
        raise DataError(
            f"{plain(root)}: no {how.part} part; looked for "
            f"{' or '.join(PARTS.get(how.part, ('train', 'test')))} with {', '.join(IMAGES)}, "
            f"and masks in {', '.join(MASKS)}"
        )
    images, masks = places
    found = replace(two_folders(images, masks), name=f"{plain(root.name)}/{how.part}")
    read = read_found(found, how, root)
    known = _known(root, images, masks, read.samples)
    samples = tuple(_placed(sample, known, how.pixel_um) for sample in read.samples)
    return replace(read, samples=samples, origin={**read.origin, "layout": "deepbacs"})


def _places(root: Path, part: str) -> tuple[Path, Path] | None:
    """Return the folders of images and masks of a part, whole fields before patches."""
    for outer in _named(root, PARTS.get(part, ())):
        for place in (outer, *_named(outer, ("patches",))):
            images, masks = _named(place, IMAGES), _named(place, tuple(MASKS))
            if images and masks:
                return images[0], masks[0]
    return None


def _named(folder: Path, names: tuple[str, ...]) -> list[Path]:
    """Return the subfolders of these names, in the order of the names."""
    inner = {child.name.lower(): child for child in subfolders(folder)} if folder.is_dir() else {}
    return [inner[name] for name in names if name in inner]


def _known(
    root: Path, images: Path, masks: Path, samples: Sequence[Sample]
) -> Mapping[str, tuple[float, bool]]:
    """Return pixel size and completeness by the start of a name; nothing of an unknown set."""
    words = "/".join(root.absolute().parts[-3:]).lower().replace("_", "")
    names = [sample.id.rpartition("/")[2] for sample in samples]
    if "mixed" in words and all(any(n.startswith(one) for n in names) for one in MIXED):
        return MIXED
    place = f"{images.parent.name}/{images.name}".lower()
    for one in PUBLISHED:
        if one.word in words and place.endswith(one.images) and masks.name.lower() in one.masks:
            return {"": (one.pixel_um, one.complete)}
    return {}


def _placed(
    sample: Sample, known: Mapping[str, tuple[float, bool]], pixel_um: float | None
) -> Sample:
    """Return the sample with the pixel size and the completeness that its record states."""
    name = sample.id.rpartition("/")[2]
    found = (known[start] for start in known if name.startswith(start))
    size, complete = next(found, (sample.pixel_um, True))
    return replace(sample, pixel_um=size if pixel_um is None else pixel_um, complete=complete)
