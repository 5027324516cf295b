"""Laws of the runner: the same rows however an audit is cut, resumed or merged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.engine.plan import plan
from audit.engine.runner import run
from audit.errors import UsageError
from audit.record.record import Record
from suites.shift.noise import Noise
from tests.audit.runs import PROBES, measured
from tests.toys import (
    Brightness,
    Does,
    Reach,
    Reader,
    Summary,
    audit_of,
    cells,
    dump,
    segmenter,
    tiny,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the rows of an uninterrupted audit of four simulated images."""
    return measured(tmp_path_factory.mktemp("whole") / "r.sqlite", audit_of(tiny(), cells(4)))


def test_one_seed_gives_one_result(tmp_path, whole):
    """Two runs with one seed give the same rows; another seed gives other noise and only that."""
    assert measured(tmp_path / "a.sqlite", audit_of(tiny(), cells(4))) == whole
    other = measured(tmp_path / "b.sqlite", audit_of(tiny(), cells(4), seed=1))
    probes = {row[1] for row in set(other) ^ set(whole)}
    assert probes == {"shift.noise"}


def test_a_probe_alone_gives_its_rows_of_the_whole(tmp_path, whole):
    """A run with one probe gives that probe's rows of the full run."""
    for probe in PROBES:
        alone = measured(tmp_path / f"{probe.name}.sqlite", audit_of(tiny(), cells(4)), [probe])
        assert alone == [row for row in whole if row[1] == probe.name] != []


@pytest.mark.parametrize("size", [2, 3])
def test_the_size_of_blocks_changes_no_row(tmp_path, whole, size):
    """Blocks of one image and of several give the same rows to the bit: they are counts."""
    assert measured(tmp_path / "r.sqlite", audit_of(tiny(), cells(4)), block_size=size) == whole


def test_shards_merge_to_the_whole(tmp_path):
    """Three shards, adopted and finished, equal the whole, what reads across images included."""
    probes = (*PROBES, Brightness(), Reach(), Reader(), Summary())
    audit = audit_of(tiny(), cells(4))
    whole = measured(tmp_path / "whole.sqlite", audit, probes)
    for index in range(3):
        measured(tmp_path / f"{index}.sqlite", audit, probes, shard=(index, 3))
    keys = {task.key for task in plan(audit, probes)}
    calls = []
    with Record(tmp_path / "merged.sqlite") as record:
        for index in range(3):
            assert record.adopt(tmp_path / f"{index}.sqlite", keys) > 0
        run(audit, probes, record, say=lambda step: calls.append(step.probe))
        assert dump(record) == whole
    assert set(calls) == {"toy.reader", "toy.summary"}


def test_a_reference_measured_elsewhere_needs_no_pass(tmp_path):
    """Units of a model measured before are adopted by key, whatever its role was; it never runs."""
    measured(tmp_path / "stored.sqlite", audit_of(tiny("known"), cells(2)))

    def refuse(_):
        raise AssertionError("the reference was run")

    silent = segmenter(Does(refuse), digest="known", normalisation="zscore")
    audit = replace(audit_of(tiny(), cells(2)), models={"audited": tiny(), "reference": silent})
    with Record(tmp_path / "r.sqlite") as record:
        taken = record.adopt(tmp_path / "stored.sqlite", {t.key for t in plan(audit, PROBES)})
        run(audit, PROBES, record)
        assert taken == 2 * len(PROBES)
        assert {unit.status for unit in record.units()} == {"done"}
        assert list(record.measurements("shift.noise", "known"))


def test_a_finished_audit_is_not_done_again(tmp_path):
    """A second run over the same record does nothing and leaves the same rows."""
    audit = audit_of(tiny(), cells(2))
    first = measured(tmp_path / "r.sqlite", audit)
    steps = []
    assert measured(tmp_path / "r.sqlite", audit, say=steps.append) == first
    assert steps == []


def test_a_time_limit_stops_and_a_later_run_finishes(tmp_path, whole):
    """What was not started is recorded as stopped, and done by the next run."""
    audit = audit_of(tiny(), cells(4))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, PROBES, record, time_limit_s=-1.0)
        assert {(u.status, u.reason) for u in record.units()} == {
            ("stopped", "the time limit was reached")
        }
        assert len(record.units()) == len(plan(audit, PROBES))
        assert dump(run(audit, PROBES, record)) == whole


def test_progress_counts_to_the_end(tmp_path):
    """Progress is said after each unit and ends at the total; time left is known from the first."""
    steps = []
    measured(tmp_path / "r.sqlite", audit_of(tiny(), cells(2)), say=steps.append)
    assert [step.done for step in steps] == list(range(1, len(steps) + 1))
    assert {step.total for step in steps} == {len(steps)}
    assert steps[-1].remaining_s == 0
    assert all(step.remaining_s >= 0 for step in steps)


def test_a_resumed_audit_knows_what_its_probes_cost(tmp_path):
    """What a probe took before counts from the first unit on."""
    steps = []
    path = tmp_path / "r.sqlite"
    measured(path, audit_of(tiny(), cells(2)))
    with Record(path) as record:
        record.database.execute("update units set seconds = 100 where probe = 'shift.noise'")
    measured(path, audit_of(tiny(), cells(4)), say=steps.append)
    assert steps[0].remaining_s > 50


def test_other_settings_are_not_mixed_into_a_record(tmp_path):
    """The same images measured by the same probe in another way are refused, with the remedy."""
    audit = audit_of(tiny(), cells(2))
    before = measured(tmp_path / "r.sqlite", audit)
    for other, probes in ((replace(audit, seed=1), PROBES), (audit, [Noise(photons=(5.0,))])):
        with pytest.raises(UsageError, match=r"other settings.*choose another --out"):
            measured(tmp_path / "r.sqlite", other, probes)
    with Record(tmp_path / "r.sqlite") as record:
        assert dump(record) == before


def test_an_older_version_of_a_probe_is_measured_anew(tmp_path, monkeypatch):
    """After an upgrade the same call mends what has changed, and leaves the rest as it was."""
    audit = audit_of(tiny(), cells(2))
    whole = measured(tmp_path / "r.sqlite", audit)
    with Record(tmp_path / "r.sqlite") as record:
        before = {unit.key for unit in record.units()}
    monkeypatch.setattr(Noise, "version", Noise.version + 1)

    assert measured(tmp_path / "r.sqlite", audit) == whole
    with Record(tmp_path / "r.sqlite") as record:
        units = record.units()
    assert {one.probe for one in units if one.key not in before} == {Noise.name}
    assert len(units) == len(before)


def test_more_images_extend_a_record(tmp_path, whole):
    """A record of some images is extended by others, in blocks of another size too."""
    measured(tmp_path / "r.sqlite", audit_of(tiny(), cells(2)))
    audit = audit_of(tiny(), cells(4))
    assert measured(tmp_path / "r.sqlite", audit, block_size=2) == whole
