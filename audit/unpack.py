"""Zip archives unpacked whole or not at all, into a folder of their own, within bounds."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from audit.errors import DataError
from audit.images.reading import plain

if TYPE_CHECKING:
    from zipfile import ZipInfo

MOST_BYTES = 40 * 2**30
MOST_FILES = 200_000
MOST_RATIO = 300
_RATIO_FREE_BYTES = 2**28
_ENCRYPTED = 1


def unpack(archive: Path, folder: Path, *, most_bytes: int = MOST_BYTES) -> Path:
    """Unpack a zip into a new folder and return it; a broken unpacking leaves nothing.

    What is there already stays: only an empty folder is taken.

    Raises DataError for names that lead outside, links, encryption, names that collide, and for
    more files or bytes than the bounds.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unpacking-") as made,
            ZipFile(archive) as source,
        ):
            members = source.infolist()
            _check(archive, members, most_bytes)
            inner = Path(made) / "content"
            inner.mkdir()
            for member in members:
                source.extract(member, inner)
            inner.rename(folder)
    except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{plain(archive)}: cannot be unpacked ({plain(str(error))})") from error
    return folder


def _check(archive: Path, members: list[ZipInfo], most_bytes: int) -> None:
    """Refuse an archive by its table of contents, before a byte is unpacked."""
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_FILES or total > most_bytes:
        raise _refused(archive, f"{len(members)} files of {total} bytes are more than is allowed")
    if total > max(_RATIO_FREE_BYTES, MOST_RATIO * packed):
        raise _refused(archive, f"{packed} bytes would unpack to {total}")
    seen: set[str] = set()
    for member in members:
        fault = _fault(member)
        if fault:
            raise _refused(archive, f"the name {plain(member.filename)!r} {fault}")
        if member.filename.casefold() in seen:
            raise _refused(archive, f"the name {plain(member.filename)!r} stands in it twice")
        seen.add(member.filename.casefold())


def _fault(member: ZipInfo) -> str:
    """Return what makes a member dangerous, or nothing."""
    path = PurePosixPath(member.filename)
    if not path.parts:
        return "names nothing"
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in path.parts[0]:
        return "leads outside the folder"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link"
    return "is encrypted" if member.flag_bits & _ENCRYPTED else ""


def _refused(archive: Path, reason: str) -> DataError:
    """Return the one-line error about an archive."""
    return DataError(f"{plain(archive)}: {reason}; nothing was unpacked")
