"""Stored reference networks beside an audited model: paired where the images are the same.

A unit of a stored record joins an audit only where it measured the very same image (its id, its
digest, its pixel size) with the same probe, version, settings and seed. Rules on references are
judged on such images alone. Where no unit fits, a stored record is of other images: its values are
set beside the model's with intervals of their own, unpaired, and no rule sees them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from audit.application.settings import STORED
from audit.engine.plan import plan
from audit.errors import UsageError
from audit.models.segmenter import Segmenter, Traits
from audit.probing.audited import Audit
from audit.role import AUDITED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.probing.probe import Probe
    from audit.record.record import Record


class StandIn(Segmenter):
    """A stored network, of which only the digest and what it measured are known: it cannot run."""

    def __init__(self, digest: str) -> None:
        self.traits = Traits(digest=digest)


def choose(reference: str | None, audit: Audit) -> str | None:
    """Return the name of the stored record that a setting asks for; None where it asks for none.

    Raises UsageError where there is none of that name, or none is named and none is of the images.
    """
    from baselines.stored import opened

    kind, _, name = (reference or "").partition(":")
    if kind != STORED:
        return None
    if not name:
        return fitting(audit)
    with opened(name):
        return name


def set_beside(record: Record, name: str, audit: Audit, probes: Sequence[Probe]) -> None:
    """Set a stored record beside the audit in a record, and say there what comparison it is."""
    from baselines.stored import opened

    with opened(name) as other:
        taken = adopted(record, other, audit, probes)
        record.describe(
            stored_reference={
                "name": name,
                "comparison": "paired" if taken else "unpaired",
                "images": len(same(other, audit)),
                "networks": len(other.models()),
                "from": other.provenance(),
                "values": [] if taken else list(values(other)),
            }
        )


def fitting(audit: Audit) -> str:
    """Return the stored record that holds most of the test images; UsageError where none does."""
    from baselines.stored import opened, stored

    shares = {}
    for name in stored():
        with opened(name) as other:
            shares[name] = len(same(other, audit))
    best = max(shares, key=lambda name: shares[name], default=None)
    if best is None or not shares[best]:
        known = ", ".join(stored()) or "none"
        raise UsageError(
            "--reference stored: no stored record is of these images; say stored:NAME to set the "
            f"values of other images beside, unpaired. There are: {known}"
        )
    return best


def same(other: Record, audit: Audit) -> set[str]:
    """Return the test images that a stored record was made of, by id and digest."""
    theirs = set(other.database.execute("select name, digest from samples where part = 'test'"))
    return {
        one.id for one in audit.samples if one.part == "test" and (one.id, one.digest) in theirs
    }


def adopted(record: Record, other: Record, audit: Audit, probes: Sequence[Probe]) -> int:
    """Take the units that measured what this audit measures; return how many are there."""
    roles = other.roles()
    stand_ins = Audit(
        models={role: StandIn(digest) for role, digest in roles.items()},
        samples=audit.samples,
        seed=audit.seed,
    )
    # Stored units are of one image each, whatever the blocks of this audit.
    wanted = {task.key for task in plan(stand_ins, probes, 1) if task.model}
    record.adopt(other.path, wanted)
    taken = len(wanted & record.finished())
    for role, digest in roles.items() if taken else ():
        record.assign(role, digest, f"stored {role}")
    return taken


def values(other: Record) -> Iterator[dict[str, Any]]:
    """Yield what stored networks came to in each quantity, with intervals of their own images."""
    from audit.quantities.networks import value
    from audit.quantities.seen import Seen
    from audit.quantities.summary import summary
    from reports.benchmark.column import QUANTITIES

    found: dict[str, list[Any]] = {}
    for digest in other.models().values():
        # A quantity is read for the role `audited`, which each network takes in turn.
        other.assign(AUDITED, digest, "stored")
        for one in QUANTITIES:
            seen = one.seen(other)
            if isinstance(seen, Seen):
                found.setdefault(one.name, []).append(seen)
    for one in QUANTITIES:
        networks = found.get(one.name, [])
        answer = value(networks) if networks else None
        if answer is not None:
            yield {"quantity": one.name, **asdict(summary(answer, networks))}
