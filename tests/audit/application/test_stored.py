"""Laws of stored references beside an audit: paired only where everything was the same."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest

from audit.application.stored import choose, set_beside
from audit.engine.runner import run
from audit.errors import UsageError
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.rule import Rule
from audit.policy.verdict import Verdict
from audit.record.record import Record
from baselines import stored
from suites.pipeline.score import Score
from suites.shift.noise import Noise
from tests.baselines.test_stored import PROBES, SAMPLES, audited
from tests.toys import audit_of, scene, tiny

RULE = Rule(
    id="against reference",
    what="the IoU less that of the reference",
    probe="pipeline.score",
    metric="iou",
    against=("reference",),
    at_least=-0.05,
    why="for a test",
)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Return the name of a stored record of three images, as if it came with bioaudit."""
    packed = stored.keep([audited(tmp_path / "old.sqlite", "old")], tmp_path / "k.xz").read_bytes()

    @contextmanager
    def opened(name):
        if name != "kept":
            raise UsageError(f"stored:{name}: no such record")
        with stored.unpacked(packed, name) as record:
            yield record

    monkeypatch.setattr(stored, "opened", opened)
    monkeypatch.setattr(stored, "stored", lambda: ["kept"])
    return "kept"


def beside(path, samples, probes=PROBES, seed=0):
    """Return an open record of an audit with the stored networks beside it."""
    model = tiny("mine")
    audit = audit_of(model, samples, seed=seed)
    record = Record(path)
    record.assign("audited", "mine", "mine")
    run(audit, probes, record)
    set_beside(record, "kept", audit, probes)
    return record


def verdict(record):
    """Return the outcome of a rule on references."""
    (outcome,) = judge(Policy(name="t", rule=(RULE,)), record).outcomes
    return outcome


def test_the_same_images_are_paired(kept, tmp_path):
    """Rules are judged image by image where the stored networks saw the same; others are left out.

    Two identical networks differ by nothing.
    """
    with beside(tmp_path / "r.sqlite", (*SAMPLES, scene(9))) as record:
        known = record.provenance()["stored_reference"]
        outcome = verdict(record)
    assert (known["comparison"], known["images"], known["networks"]) == ("paired", 3, 1)
    assert (outcome.n, outcome.estimate) == (3, pytest.approx(0.0, abs=1e-5))


@pytest.mark.parametrize(
    "changed",
    [
        {"samples": tuple(replace(one, digest="other pixels") for one in SAMPLES)},
        {"samples": tuple(replace(one, id=f"other/{one.id}") for one in SAMPLES)},
        {"samples": SAMPLES, "seed": 1},
    ],
)
def test_anything_else_is_never_paired(kept, tmp_path, changed):
    """Other pixels, other names or another seed: no role, no verdict, and the record says so."""
    with beside(tmp_path / "r.sqlite", **changed) as record:
        known = record.provenance()["stored_reference"]
        assert "reference" not in record.models()
        outcome = verdict(record)
    assert known["comparison"] == "unpaired"
    assert {one["quantity"] for one in known["values"]} >= {"iou", "noise"}
    assert outcome.verdict is Verdict.UNDECIDED
    assert "stored reference networks measured other images" in outcome.because


def test_other_settings_of_one_probe_leave_that_probe_out(kept, tmp_path):
    """What was measured alike is paired; a probe of other settings has no reference rows."""
    probes = (Score(), Noise(photons=(100.0, 30.0, 10.0)))
    with beside(tmp_path / "r.sqlite", SAMPLES, probes=probes) as record:
        assert list(record.measurements("pipeline.score", "old"))
        assert not list(record.measurements("shift.noise", "old"))


def test_the_record_of_these_images_is_found(kept):
    """Without a name the record is that of the images; of other images there is none to guess."""
    assert choose("stored", audit_of(tiny())) == "kept"
    assert choose("stored:kept", audit_of(tiny(), (scene(9),))) == "kept"
    assert choose("train", audit_of(tiny())) is choose(None, audit_of(tiny())) is None
    with pytest.raises(UsageError, match=r"no stored record is of these images.*kept"):
        choose("stored", audit_of(tiny(), (scene(9),)))
    with pytest.raises(UsageError, match="no such record"):
        choose("stored:kep", audit_of(tiny()))
