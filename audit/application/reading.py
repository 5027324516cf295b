"""Finished records opened to be judged and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.record.record import Record

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> Record:
    """Return a record that is only read; of an older one our suites say what its numbers mean."""
    record = Record(path, readonly=True)
    if not record.metrics():
        from audit.probing.catalog import Catalog

        record.declare(Catalog.installed().suites)
    return record
