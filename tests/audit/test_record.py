"""Laws of the record: whole units or none, one number a thing, refusals in one line."""

from __future__ import annotations

import io
import os
import sqlite3
import stat

import pytest
from PIL import Image

from audit.errors import RecordError
from audit.measurement import Measurement, Picture
from audit.record import Record, Unit
from audit.schema import FORMAT
from tests.toys import add, scene, written


def jpeg(value: int) -> Picture:
    """Return a small grey picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (4, 3), (value, value, value)).save(buffer, "JPEG")
    return Picture(buffer.getvalue(), 4, 3)


def pictured(sample: str, value: float, **at) -> Measurement:
    """Return a row with a picture."""
    return Measurement("iou", value, sample, at, picture=lambda: jpeg(round(100 * value)))


def test_rows_come_back_as_they_were(tmp_path):
    """A value, a reason, a weight, every type of condition and a sample-less row survive."""
    rows = [
        Measurement("a", 0.1 + 0.2, "s", {"x": 1.5, "n": 2, "word": "w", "flag": True}, 3.5),
        Measurement("a", None, "s", {"x": 2.5}, 0.0, "nothing there"),
        Measurement("b_px", 7.0),
    ]
    with written(tmp_path / "r.sqlite", rows) as record:
        assert sorted(record.measurements("pipeline.score", "m"), key=repr) == sorted(
            rows, key=repr
        )


def test_a_unit_is_whole_or_not_there(tmp_path):
    """Where the last row cannot be kept, neither the unit nor any earlier row is."""

    def explode() -> Picture:
        raise ValueError("no picture")

    rows = [Measurement("a", 1.0, "s"), Measurement("b", 1.0, "s", picture=explode)]
    with Record(tmp_path / "r.sqlite") as record:
        with pytest.raises(ValueError, match="no picture"):
            add(record, rows)
        assert record.units() == []
        assert record.database.execute("select count(*) from rows").fetchone() == (0,)
        # What was numbered inside the lost transaction is numbered again.
        add(record, rows[:1])
        assert [r.metric for r in record.measurements("pipeline.score", "m")] == ["a"]


def test_two_measurements_of_one_thing_are_refused(tmp_path):
    """(metric, sample, condition) is unique in a unit, 0.1 + 0.2 being 0.3."""
    rows = [Measurement("a", 1.0, "s", {"x": 0.1 + 0.2}), Measurement("a", 2.0, "s", {"x": 0.3})]
    with (
        Record(tmp_path / "r.sqlite") as record,
        pytest.raises(RecordError, match=r"pipeline\.score: two measurements of the same thing"),
    ):
        add(record, rows)


def test_a_unit_of_the_same_key_is_replaced(tmp_path):
    """Writing a unit again leaves one unit with the new rows."""
    unit = Unit(key="k", model="m", probe="p.q", block=0)
    with Record(tmp_path / "r.sqlite") as record:
        record.write(unit, [Measurement("a", 1.0, "s"), Measurement("b", 1.0, "s")])
        record.write(unit, [Measurement("a", 2.0, "s")])
        assert [(r.metric, r.value) for r in record.measurements("p.q", "m")] == [("a", 2.0)]
        assert len(record.units()) == 1


def test_a_unit_comes_back_as_it_was(tmp_path):
    """Every field of a unit is read back equal."""
    unit = Unit(
        key="k",
        model="m",
        probe="p.q",
        block=3,
        status="failed",
        reason="why",
        seconds=1.5,
        passes=2.25,
        gradients=0.5,
        samples=("b", "a"),
    )
    with Record(tmp_path / "r.sqlite") as record:
        record.write(unit)
        assert record.units() == record.units("p.q") == [unit]
        assert record.units("other") == []
        assert record.finished() == set()


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


def test_provenance_models_and_samples_are_kept(tmp_path):
    """What was described, assigned and enlisted is there; enlisting again never doubles."""
    with Record(tmp_path / "r.sqlite") as record:
        record.describe(seed=1, packages={"torch": "2"}, nothing=None)
        record.assign("audited", "m", "name")
        record.assign("audited", "n", "name")
        record.enlist([scene(0), scene(1)])
        record.enlist([scene(0, part="train")])
        assert record.provenance() == {"nothing": None, "packages": {"torch": "2"}, "seed": 1}
        assert record.models() == {"audited": "n"}
        found = record.database.execute("select name, part from samples order by name").fetchall()
        assert found == [("scene/00", "train"), ("scene/01", "test")]


def test_pictures_are_constant_in_n(tmp_path):
    """Whole strips of the lowest, the highest and the first five images are kept, no others."""
    scores = [0.5, 0.6, 0.4, 0.55, 0.45, 0.7, 0.1, 0.9, 0.2, 0.8, *[0.5] * 20]
    with Record(tmp_path / "r.sqlite") as record:
        for number, score in enumerate(scores):
            name = f"{number:02d}"
            add(record, [pictured(name, score, x=1.0), pictured(name, score / 2, x=2.0)])
        kept = record.database.execute(
            "select s.name, count(*) from pictures p join samples s on s.id = p.sample group by 1"
        ).fetchall()
    assert kept == [(name, 2) for name in ("00", "01", "02", "03", "04", "06", "07")]


def test_kept_pictures_decode(tmp_path):
    """A kept picture is a JPEG of the stated size."""
    with Record(tmp_path / "r.sqlite") as record:
        add(record, [pictured("s", 0.5)])
        ((data, width, height),) = record.database.execute(
            "select jpeg, width, height from pictures"
        )
    assert Image.open(io.BytesIO(data)).size == (width, height) == (4, 3)


def test_no_pictures_are_drawn_where_none_are_wanted(tmp_path):
    """With pictures off no picture is encoded."""

    def never() -> Picture:
        raise AssertionError("a picture was drawn")

    with Record(tmp_path / "r.sqlite") as record:
        unit = Unit(key="k", model="m", probe="p.q", block=0)
        record.write(unit, [Measurement("iou", 1.0, "s", picture=never)], pictures=False)
        assert record.finished() == {"k"}


def test_a_dropped_strip_frees_its_place(tmp_path):
    """Where one of the first five units is written again, five are still kept."""
    with Record(tmp_path / "r.sqlite") as record:
        for number in (0, 1, 2, 3, 4, 1):
            unit = Unit(key=str(number), model="m", probe="p.q", block=number)
            record.write(unit, [pictured(str(number), 0.5)])
        (count,) = record.database.execute(
            "select count(*) from strips where role like 'first%'"
        ).fetchone()
    assert count == 5


def test_adopting_takes_finished_wanted_units_once(tmp_path):
    """Units come by key with rows and pictures; unwanted, unfinished and known ones do not."""
    with Record(tmp_path / "a.sqlite") as other:
        for key, status in (
            ("want", "done"),
            ("skip", "skipped"),
            ("no", "done"),
            ("bad", "failed"),
        ):
            unit = Unit(key=key, model="m", probe="p.q", block=0, status=status)
            other.write(unit, [pictured("s", 0.5, of=key)] if status == "done" else ())
    with Record(tmp_path / "b.sqlite") as record:
        wanted = {"want", "skip", "bad", "elsewhere"}
        assert record.adopt(tmp_path / "a.sqlite", wanted) == 2
        assert record.adopt(tmp_path / "a.sqlite", wanted) == 0
        assert record.finished() == {"want", "skip"}
        assert [dict(r.at) for r in record.measurements("p.q", "m")] == [{"of": "want"}]
        assert record.rows_of("want")[0].picture() == jpeg(50)


def test_forgetting_leaves_nothing_of_a_unit(tmp_path):
    """A forgotten unit has no rows, strips or pictures; the others keep theirs."""
    with written(tmp_path / "r.sqlite", [pictured("s", 0.5)]) as record:
        add(record, [pictured("t", 0.6)])
        record.forget([record.units()[0].key])
        assert [r.sample for r in record.measurements("pipeline.score", "m")] == ["t"]
        for table in ("units", "rows", "pictures"):
            query = f"select count(*) from {table}"  # noqa: S608
            assert record.database.execute(query).fetchone() == (1,)


def test_a_remark_stands_beside_its_row_and_travels_with_it(tmp_path):
    """What a probe says of a value is read by condition, adopted with its unit, and dropped too."""
    unit = Unit(key="k", model="", probe="toy.word", block=0)
    rows = [Measurement("a", 1.0, at={"run": "x"}, remark="It rises."), Measurement("b", 2.0)]
    with Record(tmp_path / "one.sqlite") as record:
        record.write(unit, rows)
        assert record.remarks("toy.word", "a") == [({"run": "x"}, "It rises.")]
        assert record.remarks("toy.word", "b") == []
    with Record(tmp_path / "two.sqlite") as other:
        other.adopt(tmp_path / "one.sqlite", {"k"})
        assert other.remarks("toy.word", "a") == [({"run": "x"}, "It rises.")]
        other.forget(["k"])
        assert other.remarks("toy.word", "a") == []


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
