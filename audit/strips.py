"""Which pictures a record keeps: whole strips of a few images, so that its size is constant in n.

A strip is every condition of one image under one probe. Kept are the strips of the image with the
lowest mean score, of the one with the highest, and of the first five.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.measurement import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audit.measurement import Measurement
    from audit.record import Record

FIRST = 5

CLAIM = """insert into strips values (?, ?, ?, ?, ?, ?) on conflict do update set
sample = excluded.sample, score = excluded.score, unit = excluded.unit where """
BEATS = {"lowest": "excluded.score < score", "highest": "excluded.score > score"}
"""When a newcomer takes a role from the strip that holds it."""


def keep_strips(
    record: Record, unit: int, model: str, probe: str, rows: Sequence[Measurement]
) -> None:
    """Keep the pictures of a unit whose strips earn a role, and drop those that lost theirs."""
    strips: dict[str, list[Measurement]] = {}
    for row in rows:
        if row.picture is not None and row.sample is not None:
            strips.setdefault(row.sample, []).append(row)
    for strip in strips.values():
        values = [row.value for row in strip if row.value is not None]
        if values:
            claim(record, unit, (model, probe), record.sample(strip[0]), sum(values) / len(values))
            store(record, unit, strip)
    record.database.execute(
        "delete from pictures where not exists (select 1 from strips s "
        "where s.unit = pictures.unit and s.sample = pictures.sample)"
    )


def claim(record: Record, unit: int, place: tuple[str, str], sample: int, score: float) -> None:
    """Give a strip every role that it earns."""
    held = "select role from strips where model = ? and probe = ?"
    taken = {role for (role,) in record.database.execute(held, place)}
    free = [role for role in (f"first{n}" for n in range(FIRST)) if role not in taken]
    roles = dict(BEATS) | dict.fromkeys(free[:1], "0")
    for role, beats in roles.items():
        record.database.execute(CLAIM + beats, (*place, role, sample, score, unit))


def store(record: Record, unit: int, strip: Sequence[Measurement]) -> None:
    """Encode and keep the pictures of a strip that holds a role."""
    sample = record.sample(strip[0])
    held = "select 1 from strips where unit = ? and sample = ?"
    if not record.database.execute(held, (unit, sample)).fetchone():
        return
    for row in strip:
        assert row.picture is not None
        picture = row.picture()
        record.database.execute(
            "insert or replace into pictures values (?, ?, ?, ?, ?, ?)",
            (unit, sample, record.term(row), picture.jpeg, picture.width, picture.height),
        )


def restored(
    jpeg: bytes | None, width: int | None, height: int | None
) -> Callable[[], Picture] | None:
    """Return kept evidence in the form in which a probe gives it."""
    if jpeg is None or width is None or height is None:
        return None
    picture = Picture(jpeg, width, height)
    return lambda: picture
