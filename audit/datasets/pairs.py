"""Images and masks joined by name, never by order: first as they are called, then without affixes.

The whole folder is read by one rule, that by which the most pair: `frame_0000` is the first frame
where `frame_0000_mask` lies beside it, and channel 0 of `frame` where `frame` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.datasets.names import (
    bare_image,
    bare_mask,
    channel,
    is_derived,
    is_mask,
    stem,
    without_channel,
)
from audit.errors import DataError
from audit.images.headers import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Naming = Callable[[str], str]

ARRAYS = (".npy", ".npz")
CELLPOSE = "_seg.npy"


def as_called(name: str) -> str:
    """Return a name as it is."""
    return name


def without_affixes(name: str) -> str:
    """Return the name of an image without the words and the channel at its ends."""
    return bare_image(without_channel(name))


RULES: tuple[tuple[Naming, Naming], ...] = (
    (as_called, as_called),
    (as_called, bare_mask),
    (bare_image, bare_mask),
    (without_channel, as_called),
    (without_affixes, bare_mask),
)
"""How images and masks are called, the nearest first."""


@dataclass(frozen=True, kw_only=True)
class JoinedFiles:
    """Images and masks by the name they share."""

    images: dict[str, Path]
    masks: dict[str, tuple[Path, ...]]


def paired(images: Sequence[Path], masks: Sequence[Path], roots: tuple[Path, Path]) -> JoinedFiles:
    """Return files below two folders by the rule that pairs the most.

    Raises DataError where two files of one kind are the same item by every rule, or several
    channels of an item lie in files of their own.
    """
    best: tuple[int, dict[str, Path], dict[str, Path]] | None = None
    clash: DataError | None = None
    for of_image, of_mask in RULES:
        try:
            found, drawn = keyed(images, roots[0], of_image), keyed(masks, roots[1], of_mask)
        except DataError as error:
            clash = clash or error
            continue
        met = len(found.keys() & drawn.keys())
        if best is None or met > best[0]:
            best = (met, found, drawn)
        if met == len(found) == len(drawn):
            break
    if best is None:
        raise clash or DataError("no rule pairs these files")
    _, found, drawn = best
    check_channels(found, drawn)
    return JoinedFiles(images=found, masks={key: (path,) for key, path in drawn.items()})


def keyed(paths: Sequence[Path], root: Path, naming: Naming) -> dict[str, Path]:
    """Return the files by subfolder and name; raises DataError where two share one."""
    found: dict[str, Path] = {}
    for path in paths:
        above = path.parent.relative_to(root).as_posix()
        bare = naming(stem(path))
        key = plain(bare if above == "." else f"{above}/{bare}")
        if key in found:
            raise DataError(
                f"{plain(path)}: the same item as {plain(found[key].name)}; rename or remove one"
            )
        found[key] = path
    return found


def check_channels(images: dict[str, Path], masks: dict[str, Path]) -> None:
    """Refuse channels of an item that lie in files of their own, as nnU-Net keeps them."""
    held = {without_channel(key) for key in masks}
    lone = images.keys() - masks.keys()
    further = [images[key] for key in lone if channel(key) and without_channel(key) in held]
    # Frames of a movie are numbered so too, but have a mask each.
    if further and not any(channel(key) for key in masks):
        raise DataError(
            f"{plain(min(further))}: a further channel of an item in a file of its own; stack the "
            "channels into one file (C, Y, X) with its axes named, or move the others away"
        )


def split_by_name(paths: Sequence[Path]) -> tuple[list[Path], list[Path], list[Path]]:
    """Return the images, the masks and what was drawn of them among the files of one folder.

    Arrays that lie beside image files are no images, and a `_seg.npy` is no second mask.
    """
    stems = {stem(path) for path in paths}
    named = [path for path in paths if is_mask(path)]
    drawn = {path.parent / bare_mask(stem(path)) for path in named if not is_seg(path)}
    masks = [
        path
        for path in named
        if not (is_seg(path) and path.parent / bare_mask(stem(path)) in drawn)
    ]
    rest = [path for path in paths if path not in {*masks}]
    pictures = any(path.suffix.lower() not in ARRAYS for path in rest)
    derived = [
        path
        for path in rest
        if path in {*named}
        or is_derived(path, stems)
        or (pictures and path.suffix.lower() in ARRAYS)
    ]
    return [path for path in rest if path not in {*derived}], masks, derived


def is_seg(path: Path) -> bool:
    """Say whether a file is what Cellpose's window leaves beside an image."""
    return path.name.lower().endswith(CELLPOSE)
