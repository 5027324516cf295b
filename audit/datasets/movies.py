"""Frames of a movie in one folder, recognised by the numbers in their names.

    cell_t001.tif cell_t002.tif · t000.tif · frame-12.png       a word of time: frames of a movie
    cell_0001.tif … · img_1.png … img_26.png                    a number alone: perhaps

Independent fields are numbered too, so where a number stands alone the pixels are asked
(`audit.datasets.likeness`). Where they cannot tell, the images are taken as a movie: that costs the
interval for other movies, while the other mistake claims independence that is not there.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from audit.datasets.likeness import compared
from audit.images.reading import plain, read_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from audit.images.source import Source

LEAST = 3
"""Numbered images that may be a movie."""

ENOUGH = 5
"""Numbered images that may be a movie whatever their numbers; fewer need even steps."""

SHOWN = 3
"""Movies that are named in a sentence."""

_IMAGE_END = re.compile(r"(\.ome|[_ -](img|images?|raw))$", re.IGNORECASE)
_CHANNEL_END = "_0000"
_TIMED = re.compile(
    r"(.*?)(?<![A-Za-z])(?:timepoint|time|frame|tp|t)[ _.=-]?(\d+)(.*)", re.IGNORECASE
)
_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")


@dataclass(frozen=True, kw_only=True)
class Movie:
    """Images whose names differ in a number alone: number and file of each frame, in order."""

    name: str
    frames: tuple[tuple[int, Path | Source], ...]
    timed: bool

    @property
    def paths(self) -> list[Path | Source]:
        """Its files in the order of their numbers."""
        return [path for _, path in self.frames]

    def __str__(self) -> str:
        first, *_, last = self.paths
        return f"{plain(first.stem)} … {plain(last.stem)}"


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """The movies that were found, and what is said of it: "" where no image is numbered."""

    movies: tuple[Movie, ...] = ()
    said: str = ""


def recognised(paths: Sequence[Path | Source]) -> Recognised:
    """Return the movies among the images of a folder, reading few pixels or none."""
    found = numbered(paths)
    timed = [movie for movie in found if movie.timed]
    others = [movie for movie in found if not movie.timed]
    asked = compared([movie.paths for movie in others], read_image)
    if asked.movie:
        return Recognised(movies=tuple(found), said=taken(found, asked.words))
    said = [sentence for sentence in (taken(timed), left(others, asked.words)) if sentence]
    return Recognised(movies=tuple(timed), said="; ".join(said))


def numbered(paths: Iterable[Path | Source]) -> list[Movie]:
    """Return what is numbered like a movie: names of a folder that differ in a number alone."""
    stems: dict[tuple[Path, str, str, bool], list[tuple[int, Path | Source]]] = {}
    for name, path in names(paths):
        timed = _TIMED.fullmatch(name)
        match = timed or _NUMBERED.fullmatch(name)
        if match:
            stem = (path.parent, match[1], match[3], timed is not None)
            stems.setdefault(stem, []).append((int(match[2]), path))
    movies = [
        Movie(name=title(before, after), frames=tuple(sorted(frames)), timed=timed)
        for (_, before, after, timed), frames in sorted(stems.items())
        if len(frames) >= LEAST and (timed or is_even([number for number, _ in frames]))
    ]
    of_one_name = Counter(movie.name for movie in movies)
    return [movie if of_one_name[movie.name] == 1 else beneath(movie) for movie in movies]


def beneath(movie: Movie) -> Movie:
    """Return a movie that bears its folder's name before its own, which another has too."""
    return replace(movie, name=f"{plain(movie.paths[0].parent.name)}/{movie.name}")


def names(paths: Iterable[Path | Source]) -> list[tuple[str, Path | Source]]:
    """Return each file's name without its ending, and without a channel's that all of them bear."""
    found = [(_IMAGE_END.sub("", plain(path.stem)), path) for path in paths]
    if all(name.endswith(_CHANNEL_END) for name, _ in found):
        return [(name.removesuffix(_CHANNEL_END), path) for name, path in found]
    return found


def is_even(numbers: Sequence[int]) -> bool:
    """Say whether images are many, or most steps between their numbers are the same.

    >>> is_even([1, 2, 3]), is_even([0, 10, 20, 25]), is_even([17, 204, 3811])
    (True, True, False)
    """
    ordered = sorted(numbers)
    steps = Counter(after - before for before, after in pairwise(ordered))
    return len(ordered) >= ENOUGH or 2 * max(steps.values()) > len(ordered) - 1


def title(before: str, after: str) -> str:
    """Return the name of a movie: what its frames' names share.

    >>> title("cell_", ""), title("xy01", "_c1"), title("", "")
    ('cell', 'xy01_c1', 'movie')
    """
    return (before.rstrip(" _.-=") + after.rstrip(" _.-=")) or "movie"


def taken(movies: Sequence[Movie], how: str = "") -> str:
    """Return the sentence of images that are taken as movies; "" where none are."""
    if not movies:
        return ""
    what = "one movie" if len(movies) == 1 else f"{len(movies)} movies"
    return (
        f"{counted(movies)} like frames of {what} ({shown(movies)}){how}: taken as {what}; "
        "say --group each if every image stands alone, or --group 'REGEX'"
    )


def left(movies: Sequence[Movie], why: str) -> str:
    """Return the sentence of images that are numbered and yet taken as independent."""
    return (
        f"{counted(movies)} ({shown(movies)}){why}: each is taken as independent; "
        "say --group 'REGEX' if some belong together"
    )


def counted(movies: Sequence[Movie]) -> str:
    """Return how many images are numbered."""
    return f"{sum(len(movie.frames) for movie in movies)} images are numbered"


def shown(movies: Sequence[Movie]) -> str:
    """Return the first and the last frame of a few movies."""
    more = [f"and {len(movies) - SHOWN} more"] if len(movies) > SHOWN else []
    return "; ".join([str(movie) for movie in movies[:SHOWN]] + more)
