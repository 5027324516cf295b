"""Stored reference networks in words: what kind of comparison a page makes with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.quantities.absence import Absent
from audit.quantities.networks import value
from audit.quantities.summary import Summary, summary
from reports.benchmark import say
from reports.benchmark.column import quantity
from reports.words import clean, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.record.record import Record
    from reports.benchmark.column import Column

HEAD = ("quantity", "this model, these images", "stored networks, other images")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is said of stored networks, and where they saw other images, their values."""

    says: str
    head: tuple[str, ...] = HEAD
    rows: tuple[tuple[str, ...], ...] = ()


def beside(record: Record, provenance: Mapping[str, Any]) -> Beside | None:
    """Return what stands in a page of stored networks; None where none was asked for."""
    known = provenance.get("stored_reference")
    if not known:
        return None
    name, many = clean(known["name"]), count(known["networks"], "stored network")
    if known["comparison"] == "paired":
        return Beside(
            says=f"Compared with {many} ({name}) on {count(known['images'], 'image')} that both "
            "saw, image by image: the same pixels, probes, settings and seed. Other images of this "
            "audit have no such comparison, and rules on references leave them out."
        )
    return Beside(
        says=f"{many} ({name}) measured other images, or with other settings. Their values stand "
        "beside this model's, each with an interval of its own images: that is no paired "
        "comparison, a difference may be the images' alone, and no rule is judged by it.",
        rows=tuple(row(record, one) for one in known["values"]),
    )


def row(record: Record, stored: Mapping[str, Any]) -> tuple[str, ...]:
    """Return one quantity of the audited model beside that of stored networks."""
    wanted = quantity(stored["quantity"])
    seen = wanted.seen(record)
    known = [] if isinstance(seen, Absent) else [seen]
    found = value(known) if known else None
    mine = summary(found, known) if found else None
    theirs = Summary(**{key: one for key, one in stored.items() if key != "quantity"})
    return wanted.head, whole(wanted, mine), whole(wanted, theirs)


def whole(wanted: Column, found: Summary | None) -> str:
    """Return a value with its interval."""
    return f"{say.value(wanted, found)} {say.within(wanted, found)}".strip()
