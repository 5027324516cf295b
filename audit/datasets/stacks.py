"""Movies that lie in one file (T, Y, X) each, with a stack of masks: an item a frame.

The axis of time is named by the file (OME, ImageJ), or by the user (`--axes TYX`). A stack is a
movie of its own, whose frames are numbered as they lie in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.errors import DataError
from audit.images.headers import plain
from audit.images.outlines import Outlines
from audit.images.reading import header_of
from audit.images.source import Source, mask_of, source_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audit.datasets.files import Item, Truth

MAY_BE = (".tif", ".tiff", ".npy", ".npz")
"""Endings of files that may hold a movie."""


def in_frames(items: Iterable[Item], axes: str, channels: tuple[int, ...]) -> list[Item]:
    """Return the items as they are read: with axes and channels, an item for each frame of a stack.

    Raises DataError where a movie and the stack of its masks have not as many frames.
    """
    return [frame for item in items for frame in frames_of(item, axes, channels)]


def frames_of(item: Item, axes: str, channels: tuple[int, ...]) -> list[Item]:
    """Return the frames of an item, or the item where it is one image."""
    image = replace(source_of(item.image), axes=axes, channels=channels)
    count = frames_in(image)
    if count is None:
        return [replace(item, image=plainest(image), truth=truths(item.truth, image))]
    check_masks(item, image, count)
    return [
        replace(
            item,
            id=f"{item.id}/{number:04d}",
            image=(frame := replace(image, frame=number)),
            truth=truths(item.truth, frame),
            group=f"{item.group}/{plain(image.path.stem)}" if item.group else item.id,
            frame=number,
        )
        for number in range(count)
    ]


def truths(those: tuple[Truth, ...], image: Source) -> tuple[Truth, ...]:
    """Return masks as they are read beside an image; outlines are what they are."""
    return tuple(
        one if isinstance(one, Outlines) else plainest(mask_of(image, source_of(one).path))
        for one in those
    )


def plainest(source: Source) -> Path | Source:
    """Return the bare path of what is read whole and as it says itself."""
    return source if source.options else source.path


def frames_in(source: Source) -> int | None:
    """Return how many frames a file holds; None where it is one image or cannot be read."""
    if source.path.suffix.lower() not in MAY_BE:
        return None
    try:
        # A channel that is not there is no matter of how many frames there are.
        return header_of(replace(source, channels=())).frames
    except DataError:
        # It is refused by name when its turn comes.
        return None


def check_masks(item: Item, image: Source, count: int) -> None:
    """Refuse masks of a movie that are no stack of as many frames."""
    for one in item.truth:
        if isinstance(one, Outlines):
            raise DataError(f"{plain(one)}: outlines of a movie; save a stack of masks (T, Y, X)")
        mask = mask_of(image, source_of(one).path)
        held = header_of(mask).frames or 1
        if held != count:
            raise DataError(
                f"{plain(image)} has {count} frames but {plain(mask)} has {held}; save a mask for "
                "each frame, empty where it is not annotated"
            )
