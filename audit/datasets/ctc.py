"""Sequences of the Cell Tracking Challenge, frames joined by their number.

    PhC-C2DH-U373/02/t003.tif                    images, three or four digits
    PhC-C2DH-U373/02_GT/SEG/man_seg003.tif       gold: experts, some frames, some with part of cells
    PhC-C2DH-U373/02_GT/TRA/man_track003.tif     a marker in every cell, every frame
    PhC-C2DH-U373/02_ST/SEG/man_seg003.tif       silver: a consensus of methods, every frame

Source: Ulman et al. 2017, doi:10.1038/nmeth.4473, and the challenge's naming conventions.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from audit.datasets.files import OBJECTS, Item, file_sample, image_files
from audit.datasets.pixel_size import said
from audit.datasets.sample import Dataset, Refusal, thinned
from audit.errors import DataError
from audit.images.reading import plain, read_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.datasets.sample import Sample

Truth = Literal["auto", "gold", "silver"]

_FRAME = re.compile(r"t(\d{3,4})\.tiff?", re.IGNORECASE)
_MASK = re.compile(r"man_seg(\d{3,4})\.tiff?", re.IGNORECASE)
_SLICE = re.compile(r"man_seg_(\d+)_(\d+)\.tiff?", re.IGNORECASE)


def is_sequence(folder: Path) -> bool:
    """Say whether a folder holds the frames of a sequence: 01, 02 with t000.tif and on."""
    if not (folder.name.isdigit() and folder.is_dir()):
        return False
    return any(_FRAME.fullmatch(path.name) for path in image_files(folder))


def read_sequence(
    folder_of_dataset: str | Path,
    sequence: str,
    *,
    truth: Truth = "auto",
    part: str = "test",
    pixel_um: float | None = None,
    every: int = 1,
    limit: int | None = None,
) -> Dataset:
    """Return the frames of a sequence with their masks; a frame without one stays, for its image.

    `truth` "auto" is silver where it exists, else gold. A silver mask is complete. A gold mask is
    complete where every marker of the tracking truth of its frame meets a segmented object. `every`
    and `limit` thin the frames after they are joined; a limit is spent on frames with a mask, where
    any has one. Raises DataError where there is no frame or
    the truth asked for is not there; a frame that cannot be used is refused, and the rest stands.
    """
    root = Path(folder_of_dataset)
    frames, refused = _numbered(root / sequence, _FRAME)
    if not frames:
        raise DataError(
            f"{plain(root / sequence)}: no frame t000.tif to t9999.tif; give a sequence"
        )
    kind, folder = _truth_folder(root, sequence, truth)
    masks, others = _numbered(folder, _MASK) if folder else ({}, [])
    refused += [replace(one, image=False) for one in others] + _orphans(masks, frames)
    samples: list[Sample] = []
    annotated = sorted(frames.keys() & masks.keys())
    wanted = annotated if annotated and limit is not None else sorted(frames)
    for number in thinned(wanted, every, limit):
        image, name = frames[number], f"{root.name}/{sequence}"
        try:
            complete = kind != "gold" or _is_complete(root, sequence, number, masks.get(number))
            item = Item(
                id=f"{name}/{plain(image.stem)}",
                image=image,
                truth=(masks[number],) if number in masks else (),
                group=name,
                frame=number,
                complete=complete or number not in masks,
                pixel_um=pixel_um,
            )
            samples.append(file_sample(item, meaning=OBJECTS, part=part, dataset=root.name))
        except DataError as error:
            refused.append(Refusal(id=f"{name}/{plain(image.stem)}", reason=str(error)))
    origin: dict[str, object] = {"layout": "ctc", "truth": kind, "every": every, "limit": limit}
    origin |= {"pixel_um": sizes} if (sizes := said(list(frames.values()), pixel_um)) else {}
    origin |= {"masks": OBJECTS.facts()} if masks else {}
    return Dataset(samples=tuple(samples), refused=tuple(refused), origin=origin)


def _numbered(folder: Path, name: re.Pattern[str]) -> tuple[dict[int, Path], list[Refusal]]:
    """Return the files by frame number, and those that have none or share one."""
    found: dict[int, Path] = {}
    refused: list[Refusal] = []
    for path in image_files(folder) if folder.is_dir() else ():
        match = name.fullmatch(path.name)
        if match is None:
            slices = _SLICE.fullmatch(path.name)
            why = "a slice of a 3-D truth; only 2-D is read" if slices else "its name has no frame"
            refused.append(_refusal(path, f"{why}; rename it or move it away"))
        elif int(match[1]) in found:
            other = found[int(match[1])].name
            refused.append(_refusal(path, f"the same frame as {other}; remove one of them"))
        else:
            found[int(match[1])] = path
    return found, refused


def _refusal(path: Path, reason: str, *, image: bool = True) -> Refusal:
    """Return a refusal of a file by its last three names."""
    name = plain("/".join(path.parts[-3:]))
    return Refusal(id=name, reason=f"{plain(path)}: {reason}", image=image)


def _orphans(masks: dict[int, Path], frames: dict[int, Path]) -> list[Refusal]:
    """Return the masks that have no image of their number."""
    lone = sorted(set(masks) - set(frames))
    why = "no image t{:03d}.tif; restore the image"
    return [_refusal(masks[number], why.format(number), image=False) for number in lone]


def _truth_folder(root: Path, sequence: str, truth: Truth) -> tuple[str, Path | None]:
    """Return the kind of truth that is used and its folder; none where nothing was segmented."""
    folders = {"silver": root / f"{sequence}_ST" / "SEG", "gold": root / f"{sequence}_GT" / "SEG"}
    if truth not in ("auto", *folders):
        raise DataError(f"truth: expected auto, gold or silver, got {truth!r}")
    for kind in folders if truth == "auto" else (truth,):
        if folders[kind].is_dir() and image_files(folders[kind]):
            return kind, folders[kind]
    if truth != "auto":
        raise DataError(f"{plain(folders[truth])}: no {truth} truth; use truth='auto' or fetch it")
    return "none", None


def _is_complete(root: Path, sequence: str, number: int, mask: Path | None) -> bool:
    """Say whether every tracking marker of a frame meets an object of its gold mask."""
    tracks = _tracks(root / f"{sequence}_GT" / "TRA", number)
    if mask is None or not tracks:
        return False
    markers, labels = read_labels(tracks[0]), read_labels(mask)
    if markers.shape != labels.shape:
        raise DataError(
            f"{plain(tracks[0])} is {markers.shape} but {plain(mask)} is {labels.shape} pixels "
            "(Y, X); fetch the dataset again"
        )
    met = np.unique(markers[(markers > 0) & (labels > 0)])
    return np.array_equal(np.unique(markers[markers > 0]), met)


def _tracks(folder: Path, number: int) -> Sequence[Path]:
    """Return the tracking truth of a frame, with three digits or four."""
    names = (f"man_track{number:03d}.tif", f"man_track{number:04d}.tif")
    return [folder / name for name in names if (folder / name).is_file()]
