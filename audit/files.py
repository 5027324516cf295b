"""Files that are whole or not there, written only where nothing of the user's is lost.

A file of ours says so in its first bytes, a folder of ours in a mark that lies in it. What says
neither is not ours: it is refused, whatever its name.
"""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from audit.errors import UsageError

MARK = ".bioaudit"
"""The file that marks a folder of ours."""

SAID = "bioaudit made this folder, and replaces the files in it that bear its own names.\n"
HEAD_BYTES = 1024
"""A file of ours says so within these first bytes."""

MOST_LETTERS = 200
"""The most characters of a path that a message shows."""


def write_whole(path: Path, content: str | bytes, mark: str) -> Path:
    """Write a file beside its place and move it there in one step; return the path.

    Text is written as UTF-8; characters that it cannot hold, as in broken file names, with
    backslashes. A file that is there already is replaced where `mark` is in its first bytes, as in
    what is written; raises UsageError where it is not, or where nothing can be written.
    """
    path = Path(path)
    check_file(path, mark)
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(path, raw)
    except (OSError, ValueError) as error:
        raise refused(path, error) from None
    return path


def replace_whole(path: Path, raw: bytes) -> None:
    """Put bytes in a place in one step; what was there is there until then."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".bioaudit-")
    try:
        with os.fdopen(handle, "wb") as to:
            to.write(raw)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def check_file(path: Path, mark: str) -> None:
    """Raise UsageError where a file is in the way that is not empty and does not bear a mark."""
    try:
        if not os.path.lexists(path):
            return
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
            if not head or mark.encode() in head:
                return
    except (OSError, ValueError) as error:
        raise refused(path, error) from None
    raise UsageError(
        f"{told(path)}: is there already, and bioaudit, or this version of it, did not write it; "
        "remove it, or name another file"
    )


def check_folder(folder: Path) -> None:
    """Raise UsageError where a folder is in the way that is not empty and not ours."""
    try:
        if not os.path.lexists(folder):
            return check_room(folder)
        if folder.is_dir() and (is_ours(folder) or next(folder.iterdir(), None) is None):
            return check_room(folder)
    except (OSError, ValueError) as error:
        raise refused(folder, error) from None
    raise UsageError(
        f"{told(folder)}: is there already, and bioaudit did not make it; name another folder"
    )


def own_folder(folder: Path) -> Path:
    """Make a folder, or take an empty one or our own, and mark it as ours; return it."""
    check_folder(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not is_ours(folder):
            replace_whole(folder / MARK, SAID.encode())
    except (OSError, ValueError) as error:
        raise refused(folder, error) from None
    return folder


def is_ours(folder: Path) -> bool:
    """Return whether a folder bears our mark."""
    mark = folder / MARK
    return mark.is_file() and mark.read_bytes() == SAID.encode()


def check_room(path: Path) -> None:
    """Raise OSError where nothing could be made at a path, before the work that it is for."""
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{told(there)} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def settle(made: Path, folder: Path, last: str) -> None:
    """Move the files of a finished folder into one of ours, replacing those of the same names.

    The file named `last` is removed first and moved last: where it is there, all files are. Other
    files in the folder stay.
    """
    own_folder(folder)
    (folder / last).unlink(missing_ok=True)
    for one in sorted(made.iterdir(), key=lambda one: one.name == last):
        one.replace(folder / one.name)


def refused(path: Path, error: OSError | ValueError) -> UsageError:
    """Return the one-line error about a place where nothing can be written."""
    why = getattr(error, "strerror", None) or error
    return UsageError(f"{told(path)}: cannot be written ({why}); name another place")


def told(path: Path) -> str:
    r"""Return a path as one line of a message, cut where it is endless.

    >>> told(Path("a\nb"))
    'a\\nb'
    """
    text = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in str(path))
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
