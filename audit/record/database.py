"""The SQLite file of a record: opened, checked, and closed as a single file."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from audit.errors import RecordError
from audit.record.schema import FORMAT, LATER, SCHEMA

if TYPE_CHECKING:
    from pathlib import Path


def opened(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Return the open database of a record, whose tables are made unless it is only read.

    Raises RecordError where the file is missing, empty, older, newer or something else.
    """
    if readonly and not path.is_file():
        raise RecordError(f"{path}: no such record; `bioaudit run` makes one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as otherwise:
            database = connect(path, readonly=readonly)
            otherwise.callback(database.close)
            check(database, path, readonly=readonly)
            if not readonly:
                database.executescript(SCHEMA)
            else:
                stand_in(database)
            otherwise.pop_all()
    except (sqlite3.DatabaseError, OSError) as error:
        raise RecordError(f"{path}: not usable as a record: {error}") from None
    return database


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Return a connection that begins no transaction of its own."""
    place = path.resolve().as_uri() + ("?mode=ro" if readonly else "")
    return sqlite3.connect(place, uri=True, isolation_level=None, timeout=30)


def check(database: sqlite3.Connection, path: Path, *, readonly: bool) -> None:
    """Raise RecordError where the tables are not those of a record that can be used."""
    (found,) = database.execute("pragma user_version").fetchone()
    tables = {name for (name,) in database.execute("select name from sqlite_master")}
    if found != FORMAT and (found or tables):
        raise RecordError(
            f"{path}: format {found}, but this bioaudit reads {FORMAT}; "
            "update bioaudit, or audit again"
        )
    if tables and not tables & {"units", "provenance"}:
        raise RecordError(f"{path}: a database, but no record; name another place")
    if readonly and not tables:
        raise RecordError(f"{path}: an empty record; `bioaudit run` fills one")
    if readonly and "remarks" not in tables:
        raise RecordError(f"{path}: of an older bioaudit; the same audit again mends it")


def stand_in(database: sqlite3.Connection) -> None:
    """Make the later tables that a record lacks or leaves empty, as temporary tables.

    Older records lack them, and one whose audit was never begun has them empty. The installed
    suites can then be declared in them, though the file itself is only read.
    """
    found = {name for (name,) in database.execute("select name from sqlite_master")}
    for name, columns in LATER.items():
        # The names are our own.
        some = f"select 1 from {name} limit 1"  # noqa: S608
        if name not in found or not database.execute(some).fetchone():
            database.execute(f"create temp table {name} {columns}")


def fold(database: sqlite3.Connection) -> None:
    """Fold the write-ahead log into the one file."""
    # Where somebody else still reads it the log stays beside it, for the next to fold.
    with suppress(sqlite3.OperationalError):
        database.execute("pragma busy_timeout = 1000")
        database.execute("pragma journal_mode = delete")
