"""What was audited: the model, its images, what was lacking, and how the model was isolated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.role import AUDITED
from reports.figures.evidence import roles
from reports.found import clauses
from reports.page.gaps import unasked
from reports.page.method import totals
from reports.words import clean, count, listed, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.policy.verdict import Outcome
    from audit.record.record import Record


NOTHING = "nothing"
"""What an audit lacked that was asked nothing in vain."""


def audited(
    record: Record, provenance: Mapping[str, Any], outcomes: Sequence[Outcome]
) -> tuple[tuple[str, str], ...]:
    """Return what was audited, as pairs of a heading and its words."""
    spent, passes = totals(record)
    lacks = lacking(record, outcomes)
    asked = bool(roles(record)) or lacks != NOTHING
    found = (
        ("Model", model(record)),
        ("Taken as", "; ".join(map(clean, taken(provenance.get("found"))))),
        ("Images", images(record, provenance)),
        ("Training log", log(provenance)),
        ("Compared with", references(record)),
        ("Lacking", lacks if asked else ""),
        ("Isolation", isolation(provenance.get("isolation")) if roles(record) else ""),
        ("Time spent", f"{spent}, {passes}" if roles(record) else ""),
    )
    return tuple((name, words) for name, words in found if words)


def model(record: Record) -> str:
    """Return the audited model by name."""
    row = record.database.execute(
        "select name from models where role = ?", (str(AUDITED),)
    ).fetchone()
    return short(row[0], 60) if row else ""


def taken(found: Any) -> list[str]:
    """Return what was told from the model and not declared, a clause for each thing."""
    return list(clauses(found)) if isinstance(found, dict) else []


def log(provenance: Mapping[str, Any]) -> str:
    """Return the training log by name and format."""
    name, kind, _ = provenance.get("log") or ("", "", "")
    return f"{short(name, 60)}, read as {clean(kind)}" if name else ""


def images(record: Record, provenance: Mapping[str, Any]) -> str:
    """Return how many images of how many groups were audited, and of what."""
    rows = record.database.execute(
        "select coalesce(dataset, ''), coalesce(grp, name), pixel_um from samples "
        "where part = 'test' or part is null"
    ).fetchall()
    if not rows:
        return ""
    groups = len({group for _, group, _ in rows})
    kinds = "" if groups == len(rows) else f" of {count(groups, 'movie')}"
    pixels = sorted({pixel for *_, pixel in rows if pixel})
    size = f", {pixels[0]:.3g} µm a pixel" if len(pixels) == 1 else ""
    several = f", {pixels[0]:.3g} to {pixels[-1]:.3g} µm a pixel" if len(pixels) > 1 else ""
    named = sorted({name for name, *_ in rows if name} or {str(provenance.get("test") or "?")})
    movie = rows[0][1]
    if groups == 1 and len(rows) > 1 and movie not in named[0]:
        named = [movie if named[0] in movie else f"{named[0]}, {movie}"]
    words = listed([short(one, 60) for one in named], 3)
    return f"{words}: {count(len(rows), 'image')}{kinds}{size}{several}"


def references(record: Record) -> str:
    """Return how many reference networks there were."""
    found = roles(record)
    many = len([role for role in found if role != AUDITED])
    if not found:
        return ""
    return count(many, "reference network") if many else "no reference network"


def lacking(record: Record, outcomes: Sequence[Outcome]) -> str:
    """Return what kept probes from being run, and which were never begun."""
    units = record.units()
    found = dict.fromkeys(u.reason for u in units if u.status in ("skipped", "unread") and u.reason)
    reasons = [short(one, 80) for one in found]
    probes = [f"{one} (not run)" for one in unasked(record, outcomes)]
    return listed(reasons + probes, 3) if reasons + probes else NOTHING


def isolation(layers: Any) -> str:
    """Return by which layers the model was isolated from this machine, in words."""
    if not layers:
        return "none: the model ran with the rights of this program"
    if isinstance(layers, list | tuple):
        return listed([clean(one) for one in layers])
    return clean(layers)
