"""Which images of an audit could not be read, and why: they bound every verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.record.record import Record


@dataclass(frozen=True, kw_only=True)
class Unread:
    """An image that could not be read, the part that it was to play, and why.

    The part is "" where it is a mask that has no image.
    """

    name: str
    part: str
    reason: str


def refused(record: Record) -> list[Unread]:
    """Return the images that were refused when their folder was listed."""
    listed = record.provenance().get("refused") or []
    # Where a record does not say the part, a test image is assumed: the worst case.
    entries = [(one[0], one[1], one[2] if len(one) > 2 else "test") for one in listed]  # noqa: PLR2004
    return [Unread(name=name, part=part, reason=why) for name, why, part in entries]


def unread(record: Record) -> list[Unread]:
    """Return every image that could not be read: when it was listed, or when its turn came."""
    rows = record.database.execute("select name, part from samples where part is not null")
    parts = dict(rows.fetchall())
    found = {
        name: Unread(name=name, part=parts.get(name, "test"), reason=unit.reason or "")
        for unit in record.units()
        if unit.status == "unread" and len(unit.samples) == 1
        for name in unit.samples
    }
    return [*refused(record), *(found[name] for name in sorted(found))]


def asked(record: Record, part: str) -> int:
    """Return how many images of a part were asked for, refused ones included."""
    query = "select count(*) from samples where part = ?"
    (known,) = record.database.execute(query, (part,)).fetchone()
    return int(known) + sum(one.part == part for one in refused(record))
