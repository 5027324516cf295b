"""Where the page comes from: versions, digests, seed, device, and the command that repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.policy.rule import Policy
    from audit.record import Record

APART = ("command", "refused")
"""Facts that stand elsewhere in the page."""


def facts(
    record: Record, provenance: Mapping[str, Any], policy: Policy
) -> tuple[tuple[str, str], ...]:
    """Return everything known of an audit as pairs of a name and its words."""
    rules = f"{clean(policy.name)}, format {policy.format}, {len(policy.rules)} rules"
    models = record.database.execute("select role, name, digest from models order by role")
    return (
        ("policy", rules + (f". {clean(policy.about)}" if policy.about else "")),
        *((f"model, {clean(role)}", f"{clean(name)} {clean(d)}") for role, name, d in models),
        *(pair for key, value in sorted(provenance.items()) for pair in flat(key, value)),
    )


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield a fact, or each of its parts."""
    if name in APART or value is None or value in ([], {}):
        return
    if isinstance(value, dict):
        for key, inner in sorted(value.items()):
            yield from flat(f"{name}, {key}", inner)
    elif isinstance(value, list):
        yield clean(name), ", ".join(clean(one) for one in value)
    else:
        yield clean(name), clean(value)


def command(provenance: Mapping[str, Any]) -> str:
    """Return the command that repeats the audit; "" where it is not known."""
    return clean(provenance.get("command") or "")
