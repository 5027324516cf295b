"""Laws of what a record says its numbers mean."""

from __future__ import annotations

import math

import pytest

from audit.application.reading import read
from audit.errors import RecordError
from audit.metric import Condition, Metric, amount, change, share
from audit.probing.catalog import Catalog
from audit.probing.suite import Suite
from audit.record.record import Record
from tests.toys import written

METRICS = (
    share("iou", "IoU"),
    change("gain", "gain"),
    amount("reach_px", "reach", "px", "lower", paired=True),
    Metric(name="slope", words="slope"),
)
CONDITIONS = (
    Condition(name="factor", words="scale factor", neutral=1.0),
    Condition(name="object", words="object", identity=True, many=True),
)
TOY = Suite(
    name="toy", title="Toys", about="For tests.", probes=(), metrics=METRICS, conditions=CONDITIONS
)


def aged(path):
    """Return the path of a record that was written before suites declared anything."""
    with written(path, []) as record:
        for table in ("suites", "metrics", "conditions"):
            record.database.execute(f"drop table {table}")
    return path


def test_declarations_come_back_as_they_were(tmp_path):
    """Words, units, ranges without an end, directions and identities survive; twice is once."""
    with Record(tmp_path / "r.sqlite") as record:
        assert (record.metrics(), record.conditions(), record.titles()) == ({}, {}, {})
        record.declare([TOY])
        record.declare([TOY])
    with Record(tmp_path / "r.sqlite", readonly=True) as record:
        assert record.metrics() == {one.name: one for one in METRICS}
        assert record.conditions() == {one.name: one for one in CONDITIONS}
        assert record.titles() == {"toy": "Toys"}
        assert record.metrics()["reach_px"].high == math.inf


def test_an_older_record_is_read_without_declarations(tmp_path):
    """It says nothing of its numbers, and may be told; the file stays as it is."""
    path = aged(tmp_path / "r.sqlite")
    before = path.read_bytes()
    with Record(path, readonly=True) as record:
        assert record.metrics() == {}
        record.declare([TOY])
        assert set(record.metrics()) == {one.name for one in METRICS}
    assert path.read_bytes() == before


def test_whoever_judges_an_older_record_asks_the_installed_suites(tmp_path):
    """Read to be judged, an older record's numbers mean what our suites say."""
    with read(aged(tmp_path / "r.sqlite")) as record:
        assert record.metrics() == Catalog.installed().metrics()
        assert record.conditions() == Catalog.installed().conditions()


def test_inherited_records_bring_their_declarations(tmp_path):
    """What is known here stays; what only the other says is taken."""
    with Record(tmp_path / "a.sqlite") as other, Record(tmp_path / "b.sqlite") as record:
        other.declare([TOY])
        record.inherit(other)
        assert record.metrics() == other.metrics()
        assert record.titles() == other.titles()


def test_what_a_file_says_of_a_metric_is_checked(tmp_path):
    """A range that holds nothing is refused as any damage is."""
    with Record(tmp_path / "r.sqlite") as record:
        record.database.execute("insert into metrics values ('a', 'a', '', 1.0, 0.0, '', 0)")
        with pytest.raises(RecordError, match=r"r\.sqlite: a: a range from 1\.0 to 0\.0"):
            record.metrics()
