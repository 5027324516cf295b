"""Controls of adversarial.objects: what lies at the threshold is erased, the rest is not."""

from __future__ import annotations

import torch

from suites.adversarial.objects import Aim, Objects, band, elsewhere
from tests.suites.adversarial.plants import model, narrow
from tests.toys import rows_of, scenes

PROBE = Objects(quantile=(0.0, 1.0), noise_ratio=(2.5, 30.0), side_px=64, steps=3)


def reached(audited, ratio):
    """Return the share of goals reached within a radius, by goal."""
    rows = rows_of(PROBE, audited, scenes(1, size=80, radius=7.0))
    kept = [row for row in rows if row.metric == "reached" and row.at["noise_ratio"] == ratio]
    return {
        goal: [row.value for row in kept if row.at["goal"] == goal and row.value is not None]
        for goal in PROBE.goal
    }


def test_a_model_at_its_threshold_loses_objects_and_its_twin_keeps_them():
    """Both controls: near its threshold a model can be made to miss what its twin keeps."""
    weak, strong = reached(narrow(), 2.5), reached(model(), 2.5)
    assert set(weak["erase"]) == {1.0}
    assert sum(map(sum, strong.values())) == 0


def test_with_room_enough_every_goal_is_reached():
    """At thirty times the noise, which is the whole contrast, objects can be made and unmade."""
    found = reached(model(), 30.0)
    assert all(found["erase"])
    assert all(found["split"])


def test_the_smallest_radius_is_the_first_that_reaches():
    """It agrees with the rows of each radius, and is undefined where none does."""
    rows = rows_of(PROBE, narrow(), scenes(1))
    told = [row for row in rows if row.metric == "smallest_noise_ratio"]
    assert any(row.value is not None for row in told)
    for one in told:
        reach = [
            row.at["noise_ratio"]
            for row in rows
            if row.metric == "reached" and row.value and one.at.items() <= row.at.items()
        ]
        assert one.value == min(reach, default=None)


def test_goals_are_what_they_are_called():
    """Two pieces are a split, a remnant is none; a tenth left is erased, half there is invented."""
    whole = torch.zeros(20, 20, dtype=torch.bool)
    whole[4:16, 8:12] = True
    cut = whole & ~band(whole)
    aims = {goal: Aim(where=whole, wanted=0, goal=goal, whole=whole)
            for goal in ("erase", "split", "invent")}  # fmt: skip
    assert aims["split"].reached(cut[None].long())
    assert not aims["split"].reached(whole[None].long())
    assert aims["erase"].reached(torch.zeros(1, 20, 20, dtype=torch.int64))
    assert not aims["erase"].reached(cut[None].long())
    assert aims["invent"].reached(whole[None].long())


def test_an_object_is_invented_where_nothing_is():
    """The moved shape keeps its area and touches nothing; without room there is none."""
    whole = torch.zeros(60, 60, dtype=torch.bool)
    whole[2:10, 2:10] = True
    moved = elsewhere(whole, whole, torch.Generator().manual_seed(0))
    assert int(moved.sum()) == 64
    assert not bool((moved & whole).any())
    assert elsewhere(whole, torch.ones_like(whole), torch.Generator().manual_seed(0)) is None
