"""Laws of the file of a record: refusals in one line, one file when closed, read meanwhile."""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import replace

import pytest

from audit.errors import RecordError
from audit.measurement import Measurement
from audit.record.record import Record
from audit.record.schema import FORMAT
from tests.toys import add, scene, written


def test_a_newer_format_is_refused(tmp_path):
    """A record of a format that is not known is refused with both numbers and the remedy."""
    path = tmp_path / "r.sqlite"
    Record(path).close()
    with sqlite3.connect(path) as database:
        database.execute(f"pragma user_version = {FORMAT + 1}")
    database.close()
    for readonly in (False, True):
        with pytest.raises(RecordError, match=rf"format {FORMAT + 1}, .*update bioaudit"):
            Record(path, readonly=readonly)


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 not a database" * 40, b"hello"], ids=["zip", "text"]
)
def test_what_is_no_database_is_refused_in_one_line(tmp_path, content, readonly):
    """A file of another kind is refused by name, in one line, and is left as it was."""
    path = tmp_path / "r.sqlite"
    path.write_bytes(content)
    with pytest.raises(RecordError) as caught:
        Record(path, readonly=readonly)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path):
    """A SQLite file with other tables is not written into."""
    path = tmp_path / "r.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("create table theirs (x)")
    database.close()
    with pytest.raises(RecordError, match="format 0"):
        Record(path)


def test_reading_needs_a_record_that_is_there(tmp_path):
    """A missing or an empty file is refused by a reader, and none is made."""
    with pytest.raises(RecordError, match="no such record"):
        Record(tmp_path / "r.sqlite", readonly=True)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "r.sqlite").touch()
    with pytest.raises(RecordError, match="empty record"):
        Record(tmp_path / "r.sqlite", readonly=True)
    with pytest.raises(RecordError, match="not usable"):
        Record(tmp_path)


def test_a_record_without_remarks_is_mended_by_the_next_audit(tmp_path):
    """An older record is refused to a reader with the way out; opened for writing it is whole."""
    path = tmp_path / "old.sqlite"
    with Record(path) as record:
        record.database.execute("drop table remarks")
    with pytest.raises(RecordError, match="the same audit again mends it"):
        Record(path, readonly=True)
    Record(path).close()
    with Record(path, readonly=True) as record:
        assert record.remarks("toy.word", "a") == []


def test_a_closed_record_is_one_file_that_may_be_read_only(tmp_path):
    """No log stays beside a closed record, and it is read where nothing may be written."""
    path = tmp_path / "r.sqlite"
    written(path, [Measurement("a", 1.0, "s")]).close()
    assert [one.name for one in tmp_path.iterdir()] == ["r.sqlite"]
    path.chmod(stat.S_IRUSR)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with Record(path, readonly=True) as record:
            assert [r.value for r in record.measurements("pipeline.score", "m")] == [1.0]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                record.describe(a=1)
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_reader_does_not_disturb_the_writer(tmp_path):
    """A record can be read while it is written, and closed while it is read."""
    path = tmp_path / "a folder, ümläut #1 ?x=y%20" / "r.sqlite"
    record = written(path, [Measurement("a", 1.0, "s")])
    with Record(path, readonly=True) as reader:
        rows = reader.measurements("pipeline.score", "m")
        assert next(rows).value == 1.0
        add(record, [Measurement("a", 2.0, "t")])
        record.close()
    assert os.fspath(path)
    with Record(path, readonly=True) as reader:
        assert len(list(reader.measurements("pipeline.score", "m"))) == 2


def test_the_record_of_a_killed_run_can_be_read(tmp_path):
    """What was written before a kill is read although the log was never folded into the file."""
    alive = written(tmp_path / "r.sqlite", [Measurement("a", 1.0, "s")])
    folder = tmp_path / "left"
    folder.mkdir()
    for suffix in ("", "-wal"):
        (folder / f"r.sqlite{suffix}").write_bytes((tmp_path / f"r.sqlite{suffix}").read_bytes())
    alive.close()
    with Record(folder / "r.sqlite", readonly=True) as record:
        assert [r.value for r in record.measurements("pipeline.score", "m")] == [1.0]


def test_the_shapes_of_images_are_kept_and_travel(tmp_path):
    """Heights and widths stand beside the samples, and join another record with them."""
    with Record(tmp_path / "a.sqlite") as first, Record(tmp_path / "b.sqlite") as second:
        first.enlist([replace(scene(0), id="x", shape=(1, 30, 40))])
        second.inherit(first)
        assert second.database.execute("select * from shapes").fetchall() == [("x", 30, 40)]


def test_a_record_from_before_shapes_is_read(tmp_path):
    """A record that lacks a later table is read as if that were empty, and stays as it is."""
    path = tmp_path / "r.sqlite"
    with written(path, [Measurement("a", 1.0, "s")]) as record:
        record.database.execute("drop table shapes")
    with Record(path, readonly=True) as record:
        assert record.database.execute("select count(*) from shapes").fetchone() == (0,)
    with sqlite3.connect(path) as plain, pytest.raises(sqlite3.OperationalError):
        plain.execute("select * from shapes")
