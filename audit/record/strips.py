"""Which pictures a record keeps: whole strips of a few images, so that its size is constant in n.

A strip is every condition of one image under one probe. Kept are the strips of the image with the
lowest mean score, of the one with the highest, and of the first five. Evidence of rows that belong
to no image (a pair, an empty field) is kept for the first dozen of a unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.measurement import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from sqlite3 import Connection

    from audit.measurement import Measurement
    from audit.record.numbering import Numbering

FIRST = 5
LOOSE = 12
"""How many pictures that belong to no image a unit may keep."""

CLAIM = """insert into strips values (?, ?, ?, ?, ?, ?) on conflict do update set
sample = excluded.sample, score = excluded.score, unit = excluded.unit where """
BEATS = {"lowest": "excluded.score < score", "highest": "excluded.score > score"}
"""When a newcomer takes a role from the strip that holds it."""


def keep_strips(
    numbering: Numbering, unit: int, place: tuple[str, str], rows: Sequence[Measurement]
) -> None:
    """Keep the pictures of a unit whose strips earn a role, and drop those that lost theirs.

    `place` is the model and the probe that the strips are of.
    """
    strips: dict[str, list[Measurement]] = {}
    for row in rows:
        if row.picture is not None and row.sample is not None:
            strips.setdefault(row.sample, []).append(row)
    for strip in strips.values():
        values = [row.value for row in strip if row.value is not None]
        if values:
            score = sum(values) / len(values)
            claim(numbering.database, unit, place, numbering.sample(strip[0]), score)
            store(numbering, unit, strip)
    numbering.database.execute(
        "delete from pictures where sample != 0 and not exists (select 1 from strips s "
        "where s.unit = pictures.unit and s.sample = pictures.sample)"
    )
    loose = [row for row in rows if row.picture is not None and row.sample is None]
    for row in loose[:LOOSE]:
        put(numbering, unit, row)


def claim(
    database: Connection, unit: int, place: tuple[str, str], sample: int, score: float
) -> None:
    """Give a strip every role that it earns."""
    held = "select role from strips where model = ? and probe = ?"
    taken = {role for (role,) in database.execute(held, place)}
    free = [role for role in (f"first{n}" for n in range(FIRST)) if role not in taken]
    roles = dict(BEATS) | dict.fromkeys(free[:1], "0")
    for role, beats in roles.items():
        database.execute(CLAIM + beats, (*place, role, sample, score, unit))


def store(numbering: Numbering, unit: int, strip: Sequence[Measurement]) -> None:
    """Encode and keep the pictures of a strip that holds a role."""
    sample = numbering.sample(strip[0])
    held = "select 1 from strips where unit = ? and sample = ?"
    if not numbering.database.execute(held, (unit, sample)).fetchone():
        return
    for row in strip:
        put(numbering, unit, row)


def put(numbering: Numbering, unit: int, row: Measurement) -> None:
    """Encode and keep the picture of one row."""
    assert row.picture is not None
    picture = row.picture()
    place = (unit, numbering.sample(row), numbering.term(row))
    numbering.database.execute(
        "insert or replace into pictures values (?, ?, ?, ?, ?, ?)",
        (*place, picture.jpeg, picture.width, picture.height),
    )


def restored(
    jpeg: bytes | None, width: int | None, height: int | None
) -> Callable[[], Picture] | None:
    """Return kept evidence in the form in which a probe gives it."""
    if jpeg is None or width is None or height is None:
        return None
    picture = Picture(jpeg, width, height)
    return lambda: picture
