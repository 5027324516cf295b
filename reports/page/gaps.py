"""What was not tested, and why: the limits of every verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.quantities.absence import Absence
from audit.role import AUDITED
from reports.figures.evidence import roles
from reports.words import clean, count, listed, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.policy.verdict import Outcome
    from audit.record.record import Record

SAID = {
    "skipped": "left out, something was lacking",
    "unread": "the image could not be read",
    "not_applicable": "makes no sense for this task",
    "stopped": "stopped before its end",
    "failed": "the model or the probe failed",
    "timeout": "took too long",
}
MOST = 30


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that was not tested."""

    what: str
    how: str
    why: str


def gaps(
    record: Record, provenance: Mapping[str, Any], outcomes: Sequence[Outcome]
) -> tuple[Gap, ...]:
    """Return all probes and images that were not tested, those of one reason together."""
    left_out = provenance.get("left_out") or {}
    absent = [
        Gap(what=one, how="not run", why="This audit was not asked to.")
        for one in unasked(record, outcomes)
        if one not in left_out
    ]
    every = [*absent, *of_profile(provenance), *of_units(record), *of_images(provenance)]
    found = together(every)
    more = len(found) - MOST
    end = [Gap(what=f"{more} more", how="in the record", why="")] if more > 0 else []
    return tuple(found[:MOST] + end)


def together(every: Sequence[Gap]) -> list[Gap]:
    """Return gaps with those of one kind and reason joined to one."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in every:
        found.setdefault((one.how, one.why), []).append(one.what)
    return [
        Gap(what=listed(names, len(names)), how=how, why=why) for (how, why), names in found.items()
    ]


def unasked(record: Record, outcomes: Sequence[Outcome]) -> list[str]:
    """Return the probes that rules ask for and of which the record has no work at all."""
    begun = {unit.probe for unit in record.units()}
    wanted = dict.fromkeys(
        one.rule.probe for one in outcomes if one.absence is Absence.NOT_ASKED or one.counts
    )
    return [clean(one) for one in wanted if one not in begun]


def of_profile(provenance: Mapping[str, Any]) -> list[Gap]:
    """Return what a shorter audit leaves out, each probe with its reason."""
    how = f"left out by the profile {clean(provenance.get('profile'))}"
    left_out = provenance.get("left_out") or {}
    return [Gap(what=clean(name), how=how, why=clean(why)) for name, why in left_out.items()]


def of_units(record: Record) -> list[Gap]:
    """Return probes of which some work was not done."""
    names = {digest: str(role) for role, digest in reversed(roles(record).items())} | {"": ""}
    found = Counter(
        (unit.probe, names.get(unit.model, "another model"), unit.status, unit.reason or "")
        for unit in record.units()
        if unit.status != "done"
    )
    return [
        Gap(
            what=clean(probe) + (f", {role}" if role not in ("", str(AUDITED)) else ""),
            how=SAID.get(status, clean(status)) + (f" ({count(many, 'time')})" if many > 1 else ""),
            why=short(reason, 300),
        )
        for (probe, role, status, reason), many in sorted(found.items())
    ]


def of_images(provenance: Mapping[str, Any]) -> list[Gap]:
    """Return images that were refused."""
    refused = provenance.get("refused") or []
    # Pairs of id and reason; newer records add the part (test, train, other) of the image.
    return [
        Gap(what=short(one[0], 80), how="image refused", why=short(one[1], 300))
        for one in refused
        if isinstance(one, list) and len(one) in (2, 3)
    ]
