"""The segmentation sets of DeepBacs, as their archives unpack.

    train/brightfield  train/masks_RoiMap  train/masks_binary     E. coli, bright field
    brightfield_dataset/train/patches/{brightfield,masks}         S. aureus, and a fluorescence twin
    training/source    training/target                            B. subtilis and the mixed set
    train/fluorescence train/masks                                B. subtilis, pix2pix

Source: Spahn et al. 2022, doi:10.1038/s42003-022-03634-z; CC-BY-4.0.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audit.datasets.files import subfolders
from audit.datasets.folder import FolderReading, read_found
from audit.datasets.layouts import PARTS, two_folders
from audit.errors import DataError
from audit.images.reading import plain

if TYPE_CHECKING:
    from audit.datasets.labels import Meaning
    from audit.datasets.sample import Dataset, Sample

IMAGES = ("brightfield", "fluorescence", "source")
"""Folders of images."""

MASKS: dict[str, Meaning] = {
    "masks_roimap": "instances",
    "target": "instances",
    "masks": "auto",
    "masks_binary": "classes",
}
"""Folders of masks, the most telling first, and what their numbers mean."""

PIXEL_UM = {"staph": 0.08, "e.coli": 0.079, "b.subtilis": 0.065}
"""Micrometres a pixel by a word of the folder's path, as the Zenodo records state them."""

PREFIX_UM = {"JE2": 0.08, "pos": 0.079, "train_": 0.065}
"""Micrometres a pixel in the mixed set, by the start of an image's name."""

_SPARSE = "staph"


def is_deepbacs(folder: Path) -> bool:
    """Say whether a folder unpacks like one of the archives."""
    return any(_places(folder, part) is not None for part in ("train", "test"))


def read_deepbacs(folder: str | Path, reading: FolderReading | None = None) -> Dataset:
    """Return a part of a DeepBacs set, from the whole fields or else from their patches.

    The truth of S. aureus leaves cells out and counts as sparse. Patches of one field are not
    independent: name the field with `group`. Raises DataError where the part is not there.
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
    labels = MASKS[masks.name.lower()] if how.labels == "auto" else how.labels
    found = replace(two_folders(images, masks), name=f"{plain(root.name)}/{how.part}")
    read = read_found(found, replace(how, labels=labels), root)
    samples = tuple(_placed(root, sample, how.pixel_um) for sample in read.samples)
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


def _placed(root: Path, sample: Sample, pixel_um: float | None) -> Sample:
    """Return the sample with the pixel size and the completeness that its record states."""
    words = "/".join(root.absolute().parts[-3:]).lower().replace("_", "")
    known = next((size for word, size in PIXEL_UM.items() if word in words), None)
    name = sample.id.rpartition("/")[2]
    if "mixed" in words:
        known = next((um for start, um in PREFIX_UM.items() if name.startswith(start)), None)
    return replace(
        sample,
        pixel_um=known if pixel_um is None else pixel_um,
        complete=_SPARSE not in words and not ("mixed" in words and name.startswith("JE2")),
    )
