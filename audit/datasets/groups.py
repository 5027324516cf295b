"""Which images belong together: as the user says, as a subfolder says, or as their numbers say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audit.datasets.movies import numbered, recognised
from audit.errors import DataError, UsageError
from audit.images.reading import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.datasets.files import Item
    from audit.datasets.movies import Movie
    from audit.datasets.sample import Dataset, Sample
    from audit.images.source import Source

EACH = "each"
"""What is said instead of an expression where every image stands alone."""

SHOWN = 3
"""Images that are named where more do not match."""


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """Items with their group and frame, the movies among them that names gave, and what is said."""

    items: tuple[Item, ...]
    movies: tuple[str, ...] = ()
    said: str = ""


def expression(group: str) -> re.Pattern[str]:
    """Return what finds a group; raises UsageError where it does not compile."""
    try:
        return re.compile(group)
    except re.error as error:
        raise UsageError(f"--group {group!r}: {error}; mend the expression") from None


def grouped(items: Sequence[Item], root: Path, group: str | None) -> Grouped:
    """Return the items of a folder with their groups; an item that has none and gets none is alone.

    `group` is an expression that is searched in each path below `root`, EACH, or None: then an
    item keeps its group, and frames of movies among the others are recognised. Raises DataError
    where an expression leaves an image without a group.
    """
    if group == EACH:
        return Grouped(items=tuple(replace(item, group=item.id) for item in items))
    if group is not None:
        return Grouped(items=placed(matched(items, root, group), numbered(paths(items))))
    loose = [item for item in items if not item.group]
    found = recognised(paths(loose))
    named = {path: movie.name for movie in found.movies for path in movie.paths}
    whole = [replace(item, group=item.group or named.get(item.image, item.id)) for item in items]
    return Grouped(
        items=placed(whole, found.movies),
        movies=tuple(sorted(set(named.values()))),
        said=found.said,
    )


def paths(items: Sequence[Item]) -> list[Path | Source]:
    """Return the images' files."""
    return [item.image for item in items]


def matched(items: Sequence[Item], root: Path, group: str) -> list[Item]:
    """Return the items, each in the group that the expression finds in its path."""
    ways = {path: below(path, root) for path in paths(items)}
    sought = expression(group)
    found = {path: captured(sought.search(way)) for path, way in ways.items()}
    lost = [plain(ways[path]) for path, name in found.items() if not name]
    if lost:
        shown = ", ".join(lost[:SHOWN]) + (", …" if len(lost) > SHOWN else "")
        raise DataError(
            f"--group {group!r}: not found in {len(lost)} of {len(items)} images ({shown}); widen "
            f"the expression, or say --group {EACH} if every image stands alone"
        )
    return [replace(item, group=plain(found[item.image])) for item in items]


def below(image: Path | Source, root: Path) -> str:
    """Return a path relative to a folder, or as it is where a table leads elsewhere."""
    path = Path(image)
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def captured(match: re.Match[str] | None) -> str:
    """Return the bracket named `group`, else the first bracket, else all that was found."""
    if match is None:
        return ""
    if "group" in match.re.groupindex:
        return match["group"] or ""
    return match[min(1, match.re.groups)] or ""


def placed(items: Sequence[Item], movies: Sequence[Movie]) -> tuple[Item, ...]:
    """Return items by group and time: the frame is the number in the name, where none is twice.

    Items that are in no movie stay in the order of their names.
    """
    numbers = {path: number for movie in movies for number, path in movie.frames}
    frames = Counter((item.group, numbers.get(item.image)) for item in items)
    doubtful = {group for (group, number), n in frames.items() if number is None or n > 1}
    timed = [
        item if item.group in doubtful else replace(item, frame=numbers[item.image])
        for item in items
    ]
    first = {item.group: place for place, item in reversed([*enumerate(timed)])}
    return tuple(sorted(timed, key=lambda item: (first[item.group], item.frame)))


def told_apart(datasets: Sequence[Dataset]) -> list[Dataset]:
    """Return datasets whose movies of one name are two where their frames have the same numbers.

    Names of files alone said that they are movies: `cell_t001` on in two folders are two movies,
    but `cell_t001` to 50 in one and `cell_t051` on in the other are one that was split in time.
    """
    seen: dict[str, set[int]] = {}
    told = []
    for dataset in datasets:
        frames = {name: frames_of(dataset, name) for name in dataset.movies}
        twins = {name for name in frames if frames[name] & seen.get(name, set())}
        told.append(renamed(dataset, twins) if twins else dataset)
        for name in frames.keys() - twins:
            seen[name] = seen.get(name, set()) | frames[name]
    return told


def frames_of(dataset: Dataset, movie: str) -> set[int]:
    """Return the numbers of the frames of a movie."""
    return {sample.frame for sample in dataset.samples if sample.group == movie}


def renamed(dataset: Dataset, movies: set[str]) -> Dataset:
    """Return a dataset some of whose movies bear its part and its name before their own."""

    def own(sample: Sample) -> Sample:
        if sample.group not in movies:
            return sample
        return replace(sample, group=f"{sample.part}:{sample.dataset}/{sample.group}")

    return replace(dataset, samples=tuple(own(sample) for sample in dataset.samples))
