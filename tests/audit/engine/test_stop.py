"""Laws of a time limit: the score first, and every probe on the same images."""

from __future__ import annotations

from collections import defaultdict

import pytest

from audit.engine import runner, stop
from audit.engine.plan import SCORE, plan
from audit.engine.runner import run
from audit.record.record import Record
from tests.audit.engine.ticking import ticking
from tests.audit.runs import PROBES
from tests.toys import audit_of, cells, tiny


def test_under_a_limit_every_image_is_scored_before_anything_else():
    """The score's units come first; without a limit the order stays as it was."""
    audit = audit_of(tiny(), cells(4))
    usual = [task.key for task in plan(audit, PROBES)]
    first = plan(audit, PROBES, score_first=True)
    assert {task.probe.name for task in first[:4]} == {SCORE}
    assert [task.key for task in first if task.probe.name != SCORE] == [
        task.key for task in plan(audit, PROBES) if task.probe.name != SCORE
    ]
    assert sorted(usual) == sorted(task.key for task in first)


@pytest.mark.parametrize("limit", [9.0, 13.0, 15.0, 19.5])
def test_every_probe_sees_the_same_images(tmp_path, monkeypatch, limit):
    """A block that would not end in time is left out whole; a later run does it."""
    audit = audit_of(tiny(), cells(4))
    ticking(monkeypatch, runner)
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, PROBES, record, time_limit_s=limit)
        seen: dict[str, set[str]] = defaultdict(set)
        for unit in record.units():
            if unit.status == "done":
                seen[unit.probe] |= set(unit.samples)
        rest = {tuple(sorted(images)) for probe, images in seen.items() if probe != SCORE}
        assert len(seen[SCORE]) == 4
        assert len(rest) == 1
        assert 0 < len(rest.pop()) < 4
        monkeypatch.undo()
        run(audit, PROBES, record)
        assert {unit.status for unit in record.units()} == {"done"}


def test_a_block_begins_where_the_image_changes():
    """Only the first unit of a block is asked whether all of it can be done."""
    tasks = plan(audit_of(tiny(), cells(2)), PROBES)
    many = len(PROBES)
    assert len(stop.together(tasks, 0)) == many
    assert stop.together(tasks, 1) == []
    assert len(stop.together(tasks, many)) == many
