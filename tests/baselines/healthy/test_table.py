"""The laws of the table: every verdict counted once, in its own half."""

from __future__ import annotations

import csv

import pytest

from audit.policy.policy import Policy
from audit.policy.rule import Rule
from audit.policy.verdict import Outcome, Verdict
from baselines.healthy.bank import bank
from baselines.healthy.table import alarms, bound, cell, lines, write

RULE = Rule(
    id="noise",
    what="the IoU lost at {photons:g} photons",
    probe="shift.noise",
    metric="iou",
    at={"photons": [100.0, 300.0]},
    at_most=0.1,
    warn=0.05,
    why="Light is never without noise.",
)


@pytest.fixture
def policy():
    """Return a policy of one rule under two conditions."""
    return Policy(name="two", rule=(RULE,))


def outcome(rule, estimate, verdict, *, unsure=False):
    """Return an outcome with an interval around its estimate."""
    here = (estimate - 0.01, estimate + 0.01)
    return Outcome(
        rule=rule, verdict=verdict, because="So.", estimate=estimate, here=here, open=unsure
    )


@pytest.fixture
def found(policy):
    """Return what the rule says of the first four networks, two of each half."""
    first, second = policy.rules
    said = [
        outcome(first, 0.2, Verdict.FAIL),
        outcome(first, 0.01, Verdict.PASS),
        outcome(first, 0.07, Verdict.WARN),
        outcome(second, 0.11, Verdict.UNDECIDED, unsure=True),
    ]
    return [cell(entry, one) for entry, one in zip(bank(), said, strict=False)]


def test_a_line_tells_one_half_and_one_condition(policy, found):
    """Estimates and verdicts stand in the line of their own half and condition."""
    first, second, third = lines(found, policy)
    assert (first.half, first.condition, first.networks) == ("set", "photons=100.0", 2)
    assert (first.least, first.median, first.most) == (0.07, 0.135, 0.2)
    assert (first.failed, first.warned, first.open, first.worst) == (1, 1, 0, 0)
    assert (second.half, second.networks, second.failed) == ("check", 1, 0)
    assert (third.half, third.condition, third.open) == ("check", "photons=300.0", 1)


def test_alarms_are_failures_for_each_network(found):
    """A warning and an open rule are no alarm; failures are shared out over the half."""
    assert alarms(found, "set") == 0.5
    assert alarms(found, "check") == 0
    assert alarms([], "set") == 0


def test_a_bound_says_which_way_and_whether_it_only_warns():
    """The side of the bound, the warning before it, and a bound that cannot fail are told."""
    assert bound(RULE) == "<= 0.1, warns beyond 0.05"
    warned = RULE.model_copy(update={"at_most": None, "at_least": 0.9, "warns": True, "warn": None})
    assert bound(warned) == ">= 0.9, only warns"


def test_a_table_is_written_with_every_column(tmp_path, found):
    """A row is read back as it was, and an interval that there is not is an empty cell."""
    write(tmp_path / "cells.csv", found)
    text = (tmp_path / "cells.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["verdict"] for row in rows] == ["FAIL", "PASS", "WARN", "OPEN"]
    assert float(rows[0]["low"]) == 0.19
