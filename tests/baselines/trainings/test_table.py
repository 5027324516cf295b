"""Laws of the stored trainings: labels follow from findings, both halves hold every condition."""

from __future__ import annotations

import math

import pytest

from tests.baselines.trainings.labels import CONDITIONS, labels
from tests.baselines.trainings.scenes import PARTS
from tests.baselines.trainings.table import read_table, write_table
from tests.baselines.trainings.write import annealed

LEAST_OF_EACH = 4


@pytest.mark.parametrize("part", PARTS)
def test_stored_labels_follow_from_stored_findings(part):
    """No label was set by hand."""
    for one in read_table(part):
        falls = annealed(one.settings, one.findings.epochs)
        assert one.truth == labels(one.findings, annealed=falls), one.name


@pytest.mark.parametrize("part", PARTS)
def test_each_part_knows_enough_of_each_condition(part):
    """At least 120 trainings, each condition held in four or more and did not hold in most."""
    stored = read_table(part)
    assert len(stored) >= 120
    for name in CONDITIONS:
        held = [one.truth[name] for one in stored if one.truth[name] is not None]
        assert LEAST_OF_EACH <= sum(held) < len(held) / 2, name


def test_held_out_settings_leave_the_ranges_of_the_development():
    """Losses, lengths and depths of networks occur that the development part never saw."""
    seen = {part: [one.settings["recipe"] for one in read_table(part)] for part in PARTS}

    def values(part, name):
        return {str(recipe.get(name)) for recipe in seen[part]}

    for name in ("loss", "widths"):
        assert values("held_out", name) - values("development", name), name
    longest = {part: max(len(one.log) for one in read_table(part)) for part in PARTS}
    assert longest["held_out"] > longest["development"]


def test_a_table_reads_back(tmp_path):
    """What is written is read again: logs with their infinities, blanks as blanks."""
    some = read_table("development")[:30]
    write_table("development", some, tmp_path)
    for before, after in zip(some, read_table("development", tmp_path), strict=True):
        assert (before.name, before.truth, before.settings) == (
            after.name, after.truth, after.settings
        )  # fmt: skip
        assert before.findings == after.findings
        for one, other in zip(before.log, after.log, strict=True):
            assert all(a == b or math.isnan(a + b) for a, b in zip(one, other, strict=True))
