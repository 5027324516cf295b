"""Stored reference records: healthy networks, measured once, so that nobody need train them.

A stored record is the record of an audit without pictures; it holds measurements, no weights. Each
of its networks has the role of a reference. Values keep six digits, and the file is compressed.
"""

from __future__ import annotations

import lzma
import tempfile
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import RecordError, UsageError, suggest
from audit.files import replace_whole
from audit.probing.catalog import Catalog
from audit.record.record import Record
from audit.role import AUDITED, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENDING = ".sqlite.xz"
ABOUT = ("bioaudit", "commit", "packages", "device", "precision", "seed", "profile", "test")
"""The keys of provenance that a stored record takes over from its audits."""


def stored() -> list[str]:
    """Return the names of the records that come with bioaudit."""
    found = (one.name for one in files("baselines.records").iterdir())
    return sorted(name.removesuffix(ENDING) for name in found if name.endswith(ENDING))


@contextmanager
def opened(name: str) -> Iterator[Record]:
    """Yield a stored record by name, a copy of it; UsageError where there is none."""
    if name not in stored():
        raise UsageError(f"stored:{name}: no such record; {suggest(name, stored())}")
    packed = (files("baselines.records") / f"{name}{ENDING}").read_bytes()
    with unpacked(packed, name) as record:
        yield record


@contextmanager
def unpacked(packed: bytes, name: str) -> Iterator[Record]:
    """Yield the record in a compressed file; RecordError where it is damaged."""
    with tempfile.TemporaryDirectory(prefix="bioaudit-") as folder:
        path = Path(folder) / "record.sqlite"
        try:
            path.write_bytes(lzma.decompress(packed))
        except lzma.LZMAError as error:
            raise RecordError(f"{name}: a damaged stored record: {error}") from None
        with Record(path) as record:
            if not record.metrics():
                # Stored before suites declared what their numbers mean.
                record.declare(Catalog.installed().suites)
            yield record


def keep(audits: Sequence[Path], place: Path, **about: Any) -> Path:
    """Keep the audited networks of some records as references, in one file; return its path.

    All must be of the same images, measured alike. `about` is added to the provenance: facts
    (names, digests, numbers), no sentences.
    """
    check_kept(place)
    with tempfile.TemporaryDirectory(prefix="bioaudit-") as folder:
        path = Path(folder) / "record.sqlite"
        with Record(path) as whole:
            for number, audit in enumerate(audits):
                with Record(audit, readonly=True) as one:
                    join(whole, one, Role.reference(number))
            whole.describe(**about)
            whole.slim()
        packed = lzma.compress(path.read_bytes(), preset=9 | lzma.PRESET_EXTREME)
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(place, packed)
    return place


def check_kept(place: Path) -> None:
    """Raise RecordError where a file is in the way that is no stored record."""
    if place.exists():
        with unpacked(place.read_bytes(), str(place)):
            pass


def join(whole: Record, one: Record, named: Role) -> None:
    """Copy the measurements of one record's audited network into `whole`, as a reference."""
    digest = one.roles()[AUDITED]
    name = one.database.execute(
        "select name from models where role = ?", (str(AUDITED),)
    ).fetchone()[0]
    whole.inherit(one)
    whole.adopt(one.path, {unit.key for unit in one.units() if of(unit, digest)})
    whole.assign(named, digest, name)
    known = one.provenance()
    whole.describe(**{key: known[key] for key in ABOUT if key in known})


def of(unit: Any, digest: str) -> bool:
    """Return whether a unit measured a model."""
    return bool(unit.model == digest and unit.status == "done")
