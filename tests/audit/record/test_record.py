"""Laws of the record: whole units or none, one number a thing, refusals in one line."""

from __future__ import annotations

import pytest

from audit.errors import RecordError
from audit.measurement import Measurement, Picture
from audit.record.record import Record
from audit.record.unit import Unit
from tests.audit.pictures import jpeg, pictured
from tests.toys import Brightness, add, scene, written


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


def test_what_is_known_elsewhere_is_inherited_once(tmp_path):
    """Probes and samples of another record come; what is known here stays as it is."""
    with Record(tmp_path / "a.sqlite") as other:
        other.register(Brightness())
        other.enlist([scene(0, part="train"), scene(1)])
    with (
        Record(tmp_path / "a.sqlite", readonly=True) as other,
        Record(tmp_path / "b.sqlite") as record,
    ):
        record.enlist([scene(2), scene(0)])
        record.inherit(other)
        record.inherit(other)
        found = record.database.execute("select name, part from samples order by name").fetchall()
        asked = record.database.execute("select name, version, asks from probes").fetchall()
    assert found == [("scene/00", "test"), ("scene/01", "test"), ("scene/02", "test")]
    assert asked == [(Brightness.name, Brightness.version, Brightness.asks)]


def test_a_slim_record_holds_six_digits_and_no_picture(tmp_path):
    """Values are rounded, what is undefined stays so with its reason, pictures are gone."""
    rows = [
        pictured("s", 2 / 3),
        Measurement("iou", None, "t", undefined="nothing there"),
        Measurement("far_px", 1234567.0, "s"),
    ]
    with written(tmp_path / "r.sqlite", rows) as record:
        record.slim()
        kept = {(r.metric, r.sample): r for r in record.measurements("pipeline.score", "m")}
        for table in ("pictures", "strips"):
            query = f"select count(*) from {table}"  # noqa: S608
            assert record.database.execute(query).fetchone() == (0,)
    assert kept["iou", "s"].value == 0.666667
    assert kept["far_px", "s"].value == 1234570.0
    assert kept["iou", "t"].undefined == "nothing there"
