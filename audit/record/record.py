"""The record of an audit: one SQLite file of tidy rows, pictures and provenance.

One unit of work is one transaction, whole or not at all, so that a killed audit resumes where it
stood. A report is attached to a review as this one file; pandas, R and DuckDB read it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from audit.errors import RecordError
from audit.measurement import Measurement, Scalar
from audit.record import declared
from audit.record.database import fold, opened
from audit.record.numbering import Numbering
from audit.record.strips import keep_strips, restored
from audit.record.unit import FINAL, Unit
from audit.role import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from audit.datasets.sample import Sample
    from audit.metric import Condition, Metric
    from audit.probing.probe import Probe
    from audit.probing.suite import Suite

SHARED = {
    "probes": "name, version, asks, source, parameters",
    "samples": "name, part, dataset, grp, frame, pixel_um, complete, digest",
    "suites": "name, title, about",
    "metrics": "name, words, unit, low, high, better, paired",
    "conditions": "name, words, unit, neutral, identity, many",
    "shapes": "name, height, width",
}
"""What records of the same images have in common, without the numbers that each gives."""


class Record:
    """An open record; usable as a context manager."""

    def __init__(self, path: Path | str, *, readonly: bool = False) -> None:
        self.path = Path(path)
        self._readonly = readonly
        self.database = opened(self.path, readonly=readonly)
        self.numbering = Numbering(self.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Fold the write-ahead log into the one file and close it."""
        if not self._readonly:
            fold(self.database)
        self.database.close()

    def describe(self, **provenance: Any) -> None:
        """Keep facts of the audit as JSON: versions, device, settings."""
        self.database.executemany(
            "insert or replace into provenance values (?, ?)",
            [(key, json.dumps(value, sort_keys=True)) for key, value in provenance.items()],
        )

    def provenance(self) -> dict[str, Any]:
        """Return what `describe` kept."""
        rows = self.database.execute("select key, value from provenance order by key")
        return {key: json.loads(value) for key, value in rows}

    @property
    def main_metric(self) -> str:
        """The metric that the task of this audit is known by; IoU where an older record is mute."""
        return str(self.provenance().get("main_metric", "iou"))

    def assign(self, role: Role | str, digest: str, name: str) -> None:
        """Say which model plays a role in this audit."""
        self.database.execute(
            "insert or replace into models values (?, ?, ?)", (str(role), digest, name)
        )

    def roles(self) -> dict[Role, str]:
        """Return the digests of the models by role, in the order of the roles' texts."""
        try:
            return {Role.read(text): digest for text, digest in self.models().items()}
        except ValueError as error:
            raise RecordError(f"{self.path}: {error}") from None

    def models(self) -> dict[str, str]:
        """Return the digests of the models by the text of their role."""
        return dict(self.database.execute("select role, digest from models order by role"))

    def register(self, probe: Probe) -> None:
        """Keep what a probe asks, so that a report needs no suite."""
        self.database.execute(
            "insert or replace into probes values (?, ?, ?, ?, ?)",
            (probe.name, probe.version, probe.asks, probe.source, probe.parameters),
        )

    def declare(self, suites: Iterable[Suite]) -> None:
        """Keep what suites say of themselves, their metrics and their conditions."""
        declared.declare(self.database, suites)

    def metrics(self) -> dict[str, Metric]:
        """Return what the metrics mean; nothing where an older record does not say."""
        try:
            return declared.metrics(self.database)
        except ValueError as error:
            raise RecordError(f"{self.path}: {error}") from None

    def conditions(self) -> dict[str, Condition]:
        """Return what the conditions mean; nothing where an older record does not say."""
        return declared.conditions(self.database)

    def titles(self) -> dict[str, str]:
        """Return what stands over the chapter of each suite."""
        return dict(self.database.execute("select name, title from suites order by name"))

    def versions(self) -> dict[str, int]:
        """Return the versions of the probes that are known."""
        return dict(self.database.execute("select name, version from probes"))

    def digests(self) -> dict[str, str]:
        """Return the digests of the samples that are known, by name."""
        return dict(self.database.execute("select name, digest from samples order by id"))

    def enlist(self, samples: Iterable[Sample]) -> None:
        """Keep what is known of the samples."""
        samples = list(samples)
        with self.transaction():
            self.database.executemany(
                "insert or replace into shapes values (?, ?, ?)",
                [(s.id, *s.shape[-2:]) for s in samples],
            )
            self.database.executemany(
                "insert or replace into samples values ((select id from samples where name = ?1), "
                "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                [
                    (s.id, s.part, s.dataset, s.group, s.frame, s.pixel_um, s.complete, s.digest)
                    for s in samples
                ],
            )

    def inherit(self, other: Record) -> None:
        """Keep the probes and samples that another record knows; what is known here stays."""
        with self.transaction():
            for table, columns in SHARED.items():
                # A sample's number is the record's own.
                marks = ", ".join("?" * (columns.count(",") + 1))
                found = other.database.execute(f"select {columns} from {table}")  # noqa: S608
                self.database.executemany(
                    f"insert or ignore into {table} ({columns}) values ({marks})",  # noqa: S608
                    found.fetchall(),
                )

    def finished(self) -> set[str]:
        """Return the keys of the units that a resumed audit need not do again."""
        marks = ", ".join("?" * len(FINAL))
        query = f"select key from units where status in ({marks})"  # noqa: S608
        return {key for (key,) in self.database.execute(query, FINAL)}

    def forget(self, keys: Iterable[str]) -> None:
        """Drop units and all that was kept of them."""
        with self.transaction():
            for key in keys:
                self._drop(key)

    def write(self, unit: Unit, rows: Sequence[Measurement] = (), *, pictures: bool = True) -> None:
        """Keep one unit and its rows, whole or not at all; a unit of the same key is replaced.

        Rows are kept in one order, whatever the order in which they were yielded. Raises
        RecordError where two rows are about the same thing.
        """
        with self.transaction():
            self._drop(unit.key)
            number = self._number(unit)
            try:
                self._fill(number, rows)
            except sqlite3.IntegrityError:
                raise RecordError(f"{unit.probe}: two measurements of the same thing") from None
            if pictures:
                keep_strips(self.numbering, number, (unit.model, unit.probe), rows)

    def _number(self, unit: Unit) -> int:
        number = self.database.execute(
            "insert into units (key, model, probe, block, status, reason, seconds, passes, "
            "gradients, samples) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(unit.key, unit.model, unit.probe, unit.block, unit.status, unit.reason),
                *(unit.seconds, unit.passes, unit.gradients, json.dumps(unit.samples)),
            ),
        ).lastrowid
        assert number is not None
        return number

    def _fill(self, number: int, rows: Sequence[Measurement]) -> None:
        term, sample = self.numbering.term, self.numbering.sample
        self.database.executemany(
            "insert into rows values (?, ?, ?, ?, ?, ?)",
            [(number, term(r), sample(r), r.value, r.weight, r.undefined) for r in rows],
        )
        self.database.executemany(
            "insert into remarks values (?, ?, ?, ?)",
            [(number, term(r), sample(r), r.remark) for r in rows if r.remark],
        )

    def measurements(
        self,
        probe: str,
        model: str,
        metric: str | None = None,
        samples: Collection[str] | None = None,
    ) -> Iterator[Measurement]:
        """Yield the rows of a probe and a model digest, in one order.

        Where `samples` are named, theirs and those of no sample.
        """
        query = (
            "select metric, value, sample, at, weight, undefined from measurements "
            "where probe = ? and model in (?, '')"
        )
        only: tuple[str, ...] = () if metric is None else (metric,)
        query += " and metric = ?" if only else ""
        if samples is not None:
            query += f" and (sample is null or sample in ({', '.join('?' * len(samples))}))"
            only += tuple(samples)
        cursor = self.database.execute(
            query + " order by metric, at, sample", (probe, model, *only)
        )
        for name, value, sample, at, weight, undefined in cursor:
            yield Measurement(name, value, sample, json.loads(at), weight, undefined)

    def remarks(
        self, probe: str, metric: str, model: str = ""
    ) -> list[tuple[dict[str, Scalar], str]]:
        """Return what was remarked on a metric of a probe, with the conditions, in one order.

        Said of a model, or of none.
        """
        query = (
            "select t.at, m.text from remarks m join units u on u.id = m.unit "
            "join terms t on t.id = m.term where u.probe = ? and t.metric = ? "
            "and u.model in (?, '') order by t.at"
        )
        found = self.database.execute(query, (probe, metric, model))
        return [(json.loads(at), text) for at, text in found]

    def units(self, probe: str | None = None) -> list[Unit]:
        """Return all units, or those of a probe."""
        only = () if probe is None else (probe,)
        query = (
            "select key, model, probe, block, status, reason, seconds, passes, gradients, samples "
            "from units "
        )
        query += "where probe = ? " if only else ""
        names = Unit.__dataclass_fields__
        return [
            Unit(**(dict(zip(names, row, strict=True)) | {"samples": tuple(json.loads(row[-1]))}))
            for row in self.database.execute(query + "order by probe, block, key", only)
        ]

    def adopt(self, path: Path | str, wanted: Collection[str]) -> int:
        """Take from another record the finished units whose keys are wanted and not here.

        So shards merge, a stored reference joins, and an earlier audit is reused. Returns how
        many units were taken.
        """
        taken = 0
        with Record(path, readonly=True) as other:
            here = self.finished()
            for unit in other.units():
                if unit.status in FINAL and unit.key in wanted and unit.key not in here:
                    self.write(unit, other.rows_of(unit.key))
                    taken += 1
        return taken

    def slim(self) -> None:
        """Drop every picture, keep six digits of each value, and make the file small.

        Six digits are more than any network repeats on another machine.
        """
        with self.transaction():
            self.database.execute("delete from pictures")
            self.database.execute("delete from strips")
            self.database.execute(
                "update rows set value = printf('%.6g', value) + 0.0 where value is not null"
            )
        self.database.execute("vacuum")

    def rows_of(self, key: str) -> list[Measurement]:
        """Return the rows of one unit, with the pictures that were kept."""
        query = (
            "select t.metric, r.value, s.name, t.at, r.weight, r.undefined, coalesce(m.text, ''), "
            "p.jpeg, p.width, p.height "
            "from rows r join units u on u.id = r.unit join terms t on t.id = r.term "
            "left join samples s on s.id = r.sample "
            "left join remarks m on (m.unit, m.term, m.sample) = (r.unit, r.term, r.sample) "
            "left join pictures p on (p.unit, p.sample, p.term) = (r.unit, r.sample, r.term) "
            "where u.key = ?"
        )
        return [
            Measurement(metric, value, sample, json.loads(at), weight, why, restored(*kept), remark)
            for metric, value, sample, at, weight, why, remark, *kept in self.database.execute(
                query, (key,)
            )
        ]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything done inside, or nothing."""
        self.database.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.database.execute("rollback")
            self.numbering.forget()
            raise
        self.database.execute("commit")

    def _drop(self, key: str) -> None:
        mine = "(select id from units where key = ?)"
        for table in ("rows", "remarks", "pictures", "strips"):
            self.database.execute(f"delete from {table} where unit in {mine}", (key,))  # noqa: S608
        self.database.execute("delete from units where key = ?", (key,))
