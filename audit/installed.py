"""Which suites are installed: ours and outsiders' register by entry point alike."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

GROUP = "bioaudit.suites"


def suites() -> list[EntryPoint]:
    """Return the entry point of every installed suite, by name; none is imported."""
    return sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
