"""One image with what is known of it; every layout gives samples, and nothing else leaves here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from audit.errors import DataError, ReadingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

Item = TypeVar("Item")
Pixels = TypeVar("Pixels")

Part = str
"""The role that a sample plays in an audit: "test", "train" or "other"."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One image, lazily read, with its truth and its place in the experiment.

    `image()` gives float32 (C, Y, X) in the file's own intensities; `mask()` int64 classes (Y, X),
    background 0; `instances()` int32 object numbers (Y, X), background 0. Mask and instances are
    absent where there is no truth. `complete` is false where the truth annotates only part of the
    objects: false positives mean nothing there. `group` is what makes frames dependent (movie,
    plate, donor), `frame` the place in it. `pixel_um` is the edge of a pixel in micrometres.
    `digest` identifies what is read: the bytes of the image's and the truth's files with the
    options of reading, or the parameters of the generator; nothing is decoded to know it.
    """

    id: str
    image: Callable[[], NDArray[np.float32]]
    shape: tuple[int, int, int]
    digest: str
    part: Part = "test"
    dataset: str = ""
    group: str = ""
    frame: int = 0
    mask: Callable[[], NDArray[np.int64]] | None = None
    instances: Callable[[], NDArray[np.int32]] | None = None
    complete: bool = True
    pixel_um: float | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One item that cannot be used, and the one line that says why and what to do.

    `image` is false where it is a mask without an image: nothing of the data asked for is lost.
    """

    id: str
    reason: str
    image: bool = True


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """What a reader found: the samples, what it refused, and how it read.

    `origin` says where the samples come from: the layout and its options, or the generator and its
    parameters; its "groups" is what a user must know of how images were grouped. `movies` are the
    groups that names of files gave. Raises DataError where two samples share an id.
    """

    samples: tuple[Sample, ...]
    refused: tuple[Refusal, ...] = ()
    origin: Mapping[str, object] = field(default_factory=dict)
    movies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for sample in self.samples:
            if sample.id in seen:
                raise DataError(f"{sample.id}: two samples share this id; rename one of the files")
            seen.add(sample.id)


def watched(sample: Sample) -> Sample:
    """Return a sample that raises ReadingError where a file of it cannot be read.

    So what the files lack is told from what a model or a probe raises.
    """
    return replace(
        sample,
        image=telling(sample.image),
        mask=sample.mask and telling(sample.mask),
        instances=sample.instances and telling(sample.instances),
    )


def telling(read: Callable[[], Pixels]) -> Callable[[], Pixels]:
    """Return a reader whose DataError is a ReadingError."""

    def reading() -> Pixels:
        try:
            return read()
        except DataError as error:
            raise ReadingError(str(error)) from error

    return reading


def thinned(items: Sequence[Item], every: int, limit: int | None) -> list[Item]:
    """Return every n-th item, and of those at most `limit`, spread evenly from the first on.

    >>> thinned(range(100), 2, 4)
    [0, 24, 50, 74]
    """
    kept = list(items)[::every]
    if limit is None or len(kept) <= limit:
        return kept
    return [kept[index * len(kept) // limit] for index in range(limit)]


def spread(
    items: Sequence[Item], groups: Sequence[str], every: int, limit: int | None
) -> list[Item]:
    """Return every n-th item, and of those at most `limit`, the groups with equal shares.

    A group smaller than its share leaves the rest to the others. Where there are more groups than
    `limit`, as many of them as it says give one item each.

    >>> spread("abcdefgh", "11111122", 1, 4)
    ['a', 'd', 'g', 'h']
    """
    kept = thinned(range(len(items)), every, None)
    if limit is None or len(kept) <= limit:
        return [items[place] for place in kept]
    members: dict[str, list[int]] = {}
    for place in kept:
        members.setdefault(groups[place], []).append(place)
    asked = thinned(list(members.values()), 1, limit)
    shares = equal_shares([len(group) for group in asked], limit)
    chosen = [thinned(group, 1, share) for group, share in zip(asked, shares, strict=True)]
    return [items[place] for place in sorted(place for group in chosen for place in group)]


def equal_shares(sizes: Sequence[int], total: int) -> list[int]:
    """Return shares of a total that are as equal as sizes allow.

    >>> equal_shares([6, 1, 6], 8)
    [3, 1, 4]
    """
    shares = [0] * len(sizes)
    smallest_first = sorted(range(len(sizes)), key=sizes.__getitem__)
    for waiting, place in zip(range(len(sizes), 0, -1), smallest_first, strict=True):
        shares[place] = min(sizes[place], total // waiting)
        total -= shares[place]
    return shares
