"""The files of a folder by what they hold: events, MLflow quantities, texts."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from audit.errors import LogError
from audit.images.headers import plain
from audit.logs.content import EXPORT, SAMPLE_BYTES, binary, read_bytes
from audit.logs.events import is_events
from audit.logs.mlflow import METRICS, is_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES = 20_000
NUMBERS = re.compile(r"(\d+)")

Files = dict[PurePath, bytes]
"""The contents of files, by their paths in a folder."""


@dataclass(kw_only=True)
class Listing:
    """The files of a folder that may be logs, and why others are not."""

    events: Files = field(default_factory=dict)
    store: Files = field(default_factory=dict)
    texts: Files = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def add(self, path: PurePath, place: Path) -> None:
        """Sort a file in by its first bytes; what is plainly no log is not read further."""
        with place.open("rb") as file:
            start = file.read(SAMPLE_BYTES)
        other = binary(start)
        if is_events(start):
            self.events[path] = read_bytes(place)
        elif start and other is None:
            kind = self.store if is_quantity(path, start) else self.texts
            kind[path] = read_bytes(place)
        elif other and other[1] == EXPORT:
            self.refused.append(f"{plain(path)} is {other[0]}; {other[1]}")


def listed(root: Path) -> Listing:
    """Return the files below a folder by their kind, in the order of the numbers in their names."""
    listing = Listing()
    # MLflow's quantities are told by the folder that they lie in, even where it is the one given.
    base = root.parent if root.name == METRICS else root
    for path in sorted((place.relative_to(base) for place in walked(root)), key=natural):
        try:
            listing.add(path, base / path)
        except OSError as error:
            listing.refused.append(f"{plain(path)} cannot be read ({error.strerror})")
    return listing


def walked(root: Path) -> Iterator[Path]:
    """Yield the regular files below a folder, none that is hidden; refuses a whole disk."""
    number = 0
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in names:
            number += 1
            if number > MOST_FILES:
                raise LogError(f"more than {MOST_FILES} files; give the folder of one training")
            path = Path(folder, name)
            if path.is_file() and not name.startswith("."):
                yield path


def natural(path: PurePath) -> list[list[tuple[int, str]]]:
    """Return what sorts paths by the numbers in them: `version_2` before `version_10`."""
    return [
        [(int(one) if one.isdecimal() else -1, one) for one in NUMBERS.split(part)]
        for part in path.parts
    ]
