"""A table of images, CSV or TSV: which file is in which part of a split.

    path,split,group,frame
    images/a.tif,train,movie1,0

Only `path` must be there, relative to the table; `image` and `file` are taken for it, `part` for
`split`, and `id`, `mask`, `group` (movie, plate, donor) and `frame` are read where they stand.
Without a column `group`, frames that are numbered like a movie are one (`audit.datasets.movies`).
"""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.datasets.files import Item, file_sample
from audit.datasets.folder import meaning_of, origin_of
from audit.datasets.groups import grouped, paths
from audit.datasets.parts import called
from audit.datasets.pixel_size import said
from audit.datasets.sample import Dataset, Refusal, spread
from audit.datasets.stacks import in_frames
from audit.errors import DataError
from audit.images.reading import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audit.datasets.folder import FolderReading

ENDINGS = {".csv": ",", ".tsv": "\t"}
"""What separates the columns of a table, by the ending of its name."""

PATH, SPLIT = ("path", "image", "file"), ("split", "part")


def is_table(path: Path) -> bool:
    """Say whether a path is a table of images."""
    return path.suffix.lower() in ENDINGS and path.is_file()


def read_table(table: Path, reading: FolderReading) -> Dataset:
    """Return the images of a part, or all where the table has no split.

    Raises DataError where the table cannot be read or has no column of paths; an image that cannot
    be used is refused, and the rest stands.
    """
    items = [
        replace(item(table, number, row), pixel_um=reading.pixel_um)
        for number, row in enumerate(rows(table))
        if belongs(row, reading.part)
    ]
    parted = in_frames(items, reading.axes, reading.channel)
    whole = grouped(parted, table.parent, reading.group)
    groups = [one.group for one in whole.items]
    samples, refused = [], []
    chosen = spread(whole.items, groups, reading.every, reading.limit)
    told = meaning_of(whole.items, chosen, reading, plain(table))
    for one in chosen:
        try:
            sample = file_sample(one, meaning=told, part=reading.part, dataset=plain(table.stem))
            samples.append(sample)
        except DataError as error:
            refused.append(Refusal(id=one.id, reason=str(error)))
    origin = origin_of("table", reading, told)
    return Dataset(
        samples=tuple(samples),
        refused=tuple(refused),
        origin=origin
        | ({"groups": whole.said} if whole.said else {})
        | ({"pixel_um": sizes} if (sizes := said(paths(whole.items), reading.pixel_um)) else {}),
        movies=whole.movies,
    )


def rows(table: Path) -> list[dict[str, str]]:
    """Return the lines of a table by column, their names in lower case."""
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, delimiter=ENDINGS[table.suffix.lower()], restval="")
            found = [
                {
                    str(key).strip().lower(): (value or "").strip()
                    for key, value in row.items()
                    if key
                }
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{plain(table)}: cannot be read as a table ({error})") from error
    if not found or cell(found[0], PATH) is None:
        raise DataError(f"{plain(table)}: expected a column `path` and a line for each image")
    return found


def cell(row: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """Return what stands in the first of several columns that is there; None where none is."""
    return next((row[name] for name in names if name in row), None)


def belongs(row: Mapping[str, str], part: str) -> bool:
    """Say whether a line is of a part: every line is, where the table has no split."""
    split = cell(row, SPLIT)
    return split is None or split.lower() in called(part)


def item(table: Path, number: int, row: Mapping[str, str]) -> Item:
    """Return the image of a line, named by its path, its group where one stands there."""
    path = cell(row, PATH) or ""
    name = plain(row.get("id") or path)
    frame = row.get("frame", "")
    return Item(
        id=name,
        image=table.parent / path,
        truth=(table.parent / row["mask"],) if row.get("mask") else (),
        group=(plain(row["group"]) or name) if "group" in row else "",
        frame=int(frame) if frame.isdecimal() else number,
    )
