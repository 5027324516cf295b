"""Where the page comes from: versions, digests, seed, device, and the command that repeats it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audit.meaning import sentence
from reports.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.policy.policy import Policy
    from audit.record.record import Record

FOLDERS = re.compile(r"(?<![\w.:/])/(?:[^\s/,]+/)+|\b[A-Za-z]:\\(?:[^\s\\,]+\\)+")

APART = ("command", "refused", "origin", "left_out", "stored_reference", "files", "log")
"""Facts that stand elsewhere in the page."""


def facts(
    record: Record, provenance: Mapping[str, Any], policy: Policy
) -> tuple[tuple[str, str], ...]:
    """Return everything known of an audit as pairs of a name and its words."""
    rules = f"{clean(policy.name)}, format {policy.format}, {len(policy.rules)} rules"
    models = record.database.execute("select role, name from models order by role")
    return (
        ("policy", rules + (f". {clean(policy.about)}" if policy.about else "")),
        *((f"model, {clean(role)}", clean(name)) for role, name in models),
        *fingerprints(provenance),
        *(pair for key, value in sorted(provenance.items()) for pair in flat(key, value)),
    )


def fingerprints(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the digests of the files that were named, as `sha256sum` prints them."""
    name, _, digest = provenance.get("log") or ("", "", "")
    found = ({name: digest} if name else {}) | (provenance.get("files") or {})
    return [(f"SHA-256 of {clean(one)}", clean(found[one])) for one in sorted(found)]


def data(provenance: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what is known of where the images came from."""
    found = provenance.get("origin")
    parts = found.items() if isinstance(found, dict) else ()
    return tuple(pair for name, value in sorted(parts) for pair in flat(name, value))


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield a fact, or each of its parts; what mask numbers mean is one sentence."""
    if name in APART or value is None or value in ([], {}):
        return
    if isinstance(value, dict) and "kind" in value and "because" in value:
        yield clean(name), clean(sentence(value).removeprefix("masks: "))
    elif isinstance(value, dict):
        for key, inner in sorted(value.items()):
            yield from flat(f"{name}, {key}", inner)
    elif isinstance(value, list):
        yield clean(name), ", ".join(clean(one) for one in value)
    else:
        yield clean(name), clean(value)


def command(provenance: Mapping[str, Any]) -> str:
    r"""Return the command that repeats the audit; "" where it is not known.

    The folders of absolute paths are left out, since they name people and machines.

    >>> command({"command": "bioaudit run /home/ann/net --test C:\\Users\\ann\\02 https://a/b"})
    'bioaudit run …/net --test …/02 https://a/b'
    """
    return FOLDERS.sub("…/", clean(provenance.get("command") or ""))
