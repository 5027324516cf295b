"""Laws of stored reference records: numbers only, whole, and never taken for what they are not."""

from __future__ import annotations

import lzma

import pytest

from audit.engine.runner import run
from audit.errors import RecordError, UsageError
from audit.record.record import Record
from baselines import stored
from suites.pipeline.score import Score
from suites.shift.noise import Noise
from tests.toys import audit_of, scenes, tiny

PROBES = (Score(), Noise(photons=(30.0,)))
SAMPLES = scenes(3)


def audited(path, digest: str, samples=SAMPLES):
    """Return the path of the record of one tiny network."""
    model = tiny(digest)
    with Record(path) as record:
        record.assign("audited", model.traits.digest, f"network {digest}")
        record.describe(bioaudit="0.1", command="bioaudit run /home/ann", test="scenes")
        run(audit_of(model, samples), PROBES, record)
    return path


def test_a_stored_record_holds_numbers_and_no_picture(tmp_path):
    """Every network plays a reference, with its rows to six digits; no picture, no command."""
    paths = [audited(tmp_path / one / "r.sqlite", one) for one in ("first", "second")]
    packed = stored.keep(paths, tmp_path / "kept.sqlite.xz").read_bytes()
    with stored.unpacked(packed, "kept") as record, Record(paths[0], readonly=True) as one:
        assert record.models() == {"reference": "first", "reference:2": "second"}
        assert record.database.execute("select count(*) from pictures").fetchone() == (0,)
        assert "command" not in record.provenance()
        kept = list(record.measurements("shift.noise", "first", "iou"))
        fresh = list(one.measurements("shift.noise", "first", "iou"))
    assert [row.value for row in kept] == [pytest.approx(row.value, rel=1e-5) for row in fresh]
    assert [row.sample for row in kept] == [sample.id for sample in SAMPLES]


def test_a_damaged_record_is_one_line():
    """Bytes that are no archive are refused by name."""
    with pytest.raises(RecordError, match="kept: a damaged"), stored.unpacked(b"nothing", "kept"):
        pass
    with pytest.raises(RecordError), stored.unpacked(lzma.compress(b"no database"), "kept"):
        pass


def test_an_unknown_name_is_refused():
    """The names that there are stand in the message."""
    with pytest.raises(UsageError, match="no such record"), stored.opened("no-such-set"):
        pass


@pytest.mark.parametrize("name", stored.stored())
def test_what_comes_with_bioaudit_can_be_read(name):
    """Every packaged record opens, is small, and says what it was made of."""
    with stored.opened(name) as record:
        assert record.models()["reference"]
        assert record.provenance()["bioaudit"]
        assert record.database.execute("select count(*) from pictures").fetchone() == (0,)
        assert record.database.execute("select count(*) from rows").fetchone()[0] > 100
