"""Laws of judging: a verdict is what the interval of the right rows says, and never a guess."""

from __future__ import annotations

import numpy as np
import pytest

from audit.policy.sentence import honest
from audit.policy.verdict import overall
from tests.audit.ruling import FAIL, PASS, UNDECIDED, WARN, around, judged, rows, rule
from tests.toys import add


@pytest.mark.parametrize(
    ("mean", "given", "verdict"),
    [
        (0.9, {}, PASS),
        (0.7, {}, FAIL),
        (0.8, {}, UNDECIDED),
        (0.84, {"warn": 0.87}, WARN),
        (0.9, {"warn": 0.87}, PASS),
        (0.87, {"warn": 0.87}, PASS),
        (0.7, {"warn": 0.87}, FAIL),
        (0.1, {"at_most": 0.2}, PASS),
        (0.3, {"at_most": 0.2}, FAIL),
        (0.2, {"at_most": 0.2}, UNDECIDED),
        (0.15, {"at_most": 0.2, "warn": 0.1}, WARN),
    ],
)
def test_an_interval_inside_outside_or_astride(record, mean, given, verdict):
    """PASS inside, FAIL outside, UNDECIDED astride, WARN where it is beyond a milder bound."""
    add(record, rows(around(mean)))
    (outcome,) = judged(record, rule(**given))
    assert outcome.verdict is verdict
    assert outcome.estimate == pytest.approx(mean)
    assert outcome.interval[0] <= mean <= outcome.interval[1]
    assert (outcome.n, outcome.clusters, outcome.level) == (12, 12, 0.95)
    assert outcome.because.startswith("The score is ")
    assert outcome.because.endswith(".")
    told = "would decide it" in outcome.because or "times the data" in outcome.because
    assert told == (verdict is UNDECIDED)


def test_the_whole_is_the_worst_and_nothing_is_undecided(record):
    """An empty policy is UNDECIDED; else the worst verdict that counts stands."""
    assert overall([]) is UNDECIDED
    assert overall(judged(record)) is UNDECIDED
    add(record, rows(around(0.9)))
    outcomes = judged(record, rule(), rule("two", warn=0.95), rule("three", at_least=0.95))
    assert [one.verdict for one in outcomes] == [PASS, WARN, FAIL]
    assert overall(outcomes[:2]) is WARN
    assert overall(outcomes) is FAIL
    assert [one.rule.name for one in outcomes if one.verdict is FAIL] == ["three"]


def test_many_rules_of_a_suite_share_one_risk(record):
    """Holm widens the intervals of paired rules within a suite, and of no others."""
    add(record, rows(around(0.9)))
    for level in (1.0, 2.0, 3.0):
        values = around(0.85, spread=0.05)
        add(record, rows(values, x=level), probe="shift.a")
        add(record, rows(values, x=level), probe="blur.a")
    many = [
        rule(f"{s}{x}", probe=f"{s}.a", at={"x": x}, against=("clean",), at_most=0.06)
        for s, levels in (("shift", (1.0, 2.0, 3.0)), ("blur", (1.0,)))
        for x in levels
    ]
    outcomes = judged(record, *many, rule("absolute"))
    assert [round(1 - one.level, 4) for one in outcomes] == [0.0167, 0.0167, 0.0167, 0.05, 0.05]
    widths = [one.interval[1] - one.interval[0] for one in outcomes[:4]]
    assert widths[0] == widths[1] > widths[3]


def test_a_rule_waits_for_those_it_is_given(record):
    """A rule is undecided until its prerequisites pass, and theirs, whatever its numbers say."""
    add(record, rows(around(0.9)))
    a = rule("a", at_least=0.95)
    b, c, d = rule("b", given=("a",)), rule("c", given=("b",)), rule("d", given=("e",))
    outcomes = judged(record, c, b, a, d, rule("e"))
    assert [one.verdict for one in outcomes] == [UNDECIDED, UNDECIDED, FAIL, PASS, PASS]
    assert outcomes[1].because.startswith("Undecided until a passes. The score is 0.9")
    assert outcomes[0].because.startswith("Undecided until b passes.")


def test_judging_is_repeatable_and_writes_nothing(record):
    """The same record gives the same outcomes, and is not changed by judging."""
    add(record, rows(around(0.8)))
    before = record.database.total_changes
    assert judged(record, rule()) == judged(record, rule())
    assert record.database.total_changes == before


def test_rounding_never_crosses_the_bound():
    """A number is never shown on, or beyond, a bound that it is not on, or beyond."""
    stream = np.random.default_rng(0)
    for _ in range(5000):
        bound = round(float(stream.uniform(-1, 2)), int(stream.integers(0, 4)))
        value = bound + float(stream.normal()) * 10.0 ** -float(stream.integers(0, 17))
        shown = float(honest(value, rule(at_least=bound), int(stream.integers(0, 5))))
        assert (shown > bound) == (value > bound)
        assert (shown < bound) == (value < bound)


def test_a_failing_interval_is_not_shown_to_reach_the_bound(record):
    """Where the upper end is just below the bound the sentence does not round it onto it."""
    add(record, rows(around(0.7999, n=40, spread=1e-5)))
    (outcome,) = judged(record, rule())
    assert outcome.verdict is FAIL
    assert "0.800]" not in outcome.because
