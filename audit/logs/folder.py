"""A folder of logs: a training's own, several versions, TensorBoard events, or an MLflow store.

Where trainings are logged in several ways, the first of these is read: tables and JSON, events,
an MLflow store, text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audit.errors import LogError
from audit.images.headers import plain
from audit.logs.content import digest
from audit.logs.file import read_file
from audit.logs.free import FREE
from audit.logs.listing import listed
from audit.logs.log import Log, Notice
from audit.logs.mlflow import STORE, read_store
from audit.logs.prose import FORMATS, RESUMED
from audit.logs.sheet import FoundLog
from audit.logs.tensorboard import EVENTS, gathered
from audit.logs.trainings import trainings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path, PurePath

    from audit.logs.listing import Files, Listing
    from audit.logs.log import Run

SHOWN = 3
"""How many reasons are told why a folder has no log."""


@dataclass(kw_only=True)
class Way:
    """One way in which the trainings of a folder are logged: files, their formats, their runs."""

    formats: dict[str, None] = field(default_factory=dict)
    files: Files = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def add(self, found: FoundLog, files: Files, name: str, asked: Mapping[str, str]) -> None:
        """Append the trainings in some files; raises LogError where no loss is in them."""
        self.runs += runs_of(found, name, asked)
        self.formats[found.format] = None
        self.files |= files


def read_folder(root: Path, asked: Mapping[str, str]) -> Log:
    """Return the trainings of a folder; raises LogError where no file in it has a loss."""
    listing = listed(root)
    ways = [way for way in all_ways(listing, plain(root.resolve().name), asked) if way.runs]
    if not ways:
        reasons = f": {'; '.join(listing.refused[:SHOWN])}" if listing.refused else ""
        raise LogError(f"no training log in this folder{reasons}; give the file of the log itself")
    best, *others = ways
    return Log(
        path=root,
        digest=joint_digest(best.files),
        format=", ".join(best.formats),
        runs=told_apart(best.runs, [path for way in others for path in way.files]),
    )


def all_ways(listing: Listing, name: str, asked: Mapping[str, str]) -> tuple[Way, ...]:
    """Return the ways in which the trainings of a folder may be logged, the best first."""
    tables, events, store, prose = Way(), Way(), Way(), Way()
    files = readable(listing)
    for path, found in joined(files).items():
        way = prose if found.format in (FREE, *FORMATS) else tables
        own = {path: listing.texts[path]}
        if found.format in RESUMED:
            own = {one: listing.texts[one] for one in files if one.parent == path.parent}
        try_way(way, listing, (found, own, path.as_posix()), asked)
    if listing.events:
        found = FoundLog(format=EVENTS, sheets=gathered(listing.events))
        try_way(events, listing, (found, listing.events, name), asked)
    if listing.store:
        found = FoundLog(format=STORE, sheets=read_store(listing.store))
        try_way(store, listing, (found, listing.store, name), asked)
    return tables, events, store, prose


def try_way(
    way: Way, listing: Listing, what: tuple[FoundLog, Files, str], asked: Mapping[str, str]
) -> None:
    """Append the trainings in some files to a way, or the reason why there are none."""
    found, files, name = what
    try:
        way.add(found, files, name, asked)
    except LogError as error:
        listing.refused.append(f"{plain(name)}: {error}")


def readable(listing: Listing) -> dict[PurePath, FoundLog]:
    """Return what the texts of a folder hold, those that are logs."""
    files = {}
    for path, content in listing.texts.items():
        try:
            files[path] = read_file(content)
        except LogError as error:
            listing.refused.append(f"{plain(path)}: {error}")
    return files


def joined(files: Mapping[PurePath, FoundLog]) -> dict[PurePath, FoundLog]:
    """Return logs with those of one folder as one, where a program begins a file on resuming."""
    result: dict[PurePath, FoundLog] = {}
    for path, found in files.items():
        before = next((one for one in result if one.parent == path.parent), path)
        if found.format in RESUMED and before in result and result[before].format == found.format:
            (earlier,), (later,) = result[before].sheets, found.sheets
            whole = replace(earlier, rows=[*earlier.rows, *later.rows])
            result[before] = FoundLog(format=found.format, sheets=(whole,))
        else:
            result[path] = found
    return result


def runs_of(found: FoundLog, name: str, asked: Mapping[str, str]) -> list[Run]:
    """Return the trainings of some sheets, without those that have no loss.

    Raises LogError where none is left.
    """
    runs: list[Run] = []
    errors: list[LogError] = []
    for sheet in found.sheets:
        try:
            runs += trainings(sheet, f"{name}: {sheet.name}" if sheet.name else name, asked)
        except LogError as error:
            errors.append(error)
    if not runs:
        raise errors[0] if errors else LogError("no training; did it write any epoch?")
    return runs


def joint_digest(files: Files) -> str:
    """Return the SHA-256 of the digests and paths of files, as `sha256sum` lists them."""
    lines = [f"{digest(files[path])}  {path.as_posix()}\n" for path in sorted(files)]
    return digest("".join(lines).encode())


def told_apart(runs: Iterable[Run], unread: list[PurePath]) -> tuple[Run, ...]:
    """Return the trainings of a folder, saying how many there are and what was not read."""
    found = list(runs)
    notices = []
    if len({run.name.rpartition(" (")[0] or run.name for run in found}) > 1:
        notices.append(Notice("several", f"one of {len(found)} trainings in this folder"))
    if unread:
        names = ", ".join(plain(path) for path in unread[:SHOWN])
        more = f" and {len(unread) - SHOWN} more" if len(unread) > SHOWN else ""
        notices.append(Notice("left out", f"logs of other kinds were not read: {names}{more}"))
    return tuple(replace(run, notices=(*run.notices, *notices)) for run in found)
