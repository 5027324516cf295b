"""Laws of judging: a verdict is what the interval of the right rows says, and never a guess."""

from __future__ import annotations

import numpy as np
import pytest

from audit.policy.judge import judge
from audit.policy.number import honest
from audit.policy.policy import Policy
from audit.policy.verdict import overall
from tests.audit.ruling import FAIL, PASS, UNDECIDED, WARN, around, judged, rows, rule
from tests.toys import add, scene


@pytest.mark.parametrize(
    ("mean", "given", "verdict"),
    [
        (0.9, {}, PASS),
        (0.7, {}, FAIL),
        (0.799, {}, UNDECIDED),
        (0.801, {}, PASS),
        (0.801, {"burden": "proof"}, UNDECIDED),
        (0.84, {"warn": 0.87}, WARN),
        (0.9, {"warn": 0.87}, PASS),
        (0.87, {"warn": 0.87}, PASS),
        (0.7, {"warn": 0.87}, FAIL),
        (0.7, {"warns": True}, WARN),
        (0.799, {"warns": True}, UNDECIDED),
        (0.9, {"warns": True}, PASS),
        (0.1, {"at_most": 0.2}, PASS),
        (0.3, {"at_most": 0.2}, FAIL),
        (0.201, {"at_most": 0.2}, UNDECIDED),
        (0.199, {"at_most": 0.2}, PASS),
        (0.15, {"at_most": 0.2, "warn": 0.1}, WARN),
    ],
)
def test_an_interval_inside_beyond_or_astride(record, mean, given, verdict):
    """Inside passes, beyond fails; astride the estimate's side counts, where harm is sought."""
    add(record, rows(around(mean)))
    (outcome,) = judged(record, rule(**given))
    assert outcome.verdict is verdict
    assert outcome.estimate == pytest.approx(mean)
    assert outcome.here[0] <= mean <= outcome.here[1]
    assert (outcome.n, outcome.groups, outcome.level) == (12, 12, 0.95)
    assert outcome.because.startswith("The score is ")
    assert outcome.because.endswith(".")
    told = "would decide it" in outcome.because
    assert told == outcome.open == (verdict is UNDECIDED)


def test_a_pass_across_the_bound_says_what_would_have_been_seen(record):
    """The far end of the interval is the power of the test, and is stated."""
    add(record, rows(around(0.03, spread=0.1)))
    (outcome,) = judged(record, rule(at_most=0.05))
    far = outcome.here[1]
    assert outcome.verdict is PASS
    assert far > 0.05
    assert f"at most 0.05 is allowed, and {far:.3f} or more would have been seen" in outcome.because


@pytest.mark.parametrize(
    ("spread", "gross", "verdict"), [(0.1, None, PASS), (0.4, None, UNDECIDED), (0.4, 0.5, PASS)]
)
def test_no_pass_hides_a_gross_harm(record, spread, gross, verdict):
    """Unless a rule says otherwise, what is three times as far as its bound must have been seen."""
    add(record, rows(around(0.03, spread=spread)))
    (outcome,) = judged(record, rule(at_most=0.05, gross=gross))
    assert (outcome.verdict, outcome.open) == (verdict, verdict is UNDECIDED)


def test_the_gross_of_what_is_kept_counts_from_all(record):
    """A share that is kept is ideal at 1: at least 0.9 is gross from 0.7 on."""
    add(record, rows(around(0.92, spread=0.25)))
    near, far = judged(record, rule(at_least=0.9), rule("two", at_least=0.8))
    assert near.here[0] > 0.7
    assert (near.verdict, far.verdict) == (PASS, PASS)
    add(record, rows(around(0.92, spread=0.4)))
    (wide,) = judged(record, rule(at_least=0.9))
    assert wide.here[0] < 0.7
    assert wide.open


def test_the_whole_fails_by_any_rule_and_is_undecided_by_key_ones_alone(record):
    """An empty policy is UNDECIDED; an open rule spoils a pass only where it is key."""
    assert overall([]) is UNDECIDED
    add(record, rows(around(0.9)))
    add(record, rows(around(0.799)), probe="shift.a")
    unsure = {"probe": "shift.a", "at_least": 0.8}
    passed, warned, failed, open_, key = judged(
        record,
        rule(),
        rule("two", at_least=0.95, warns=True),
        rule("three", at_least=0.95),
        rule("four", **unsure),
        rule("five", **unsure, key=True),
    )
    assert [one.verdict for one in (passed, warned, failed)] == [PASS, WARN, FAIL]
    assert overall([passed, warned]) is WARN
    assert overall([passed, open_]) is PASS
    assert overall([passed, key]) is UNDECIDED
    assert overall([passed, key, failed]) is FAIL
    assert overall([open_]) is UNDECIDED
    assert overall([passed], unfinished=1) is UNDECIDED


def test_what_is_not_given_is_listed_and_spoils_only_what_is_key(record):
    """A lacking training set is no harm; a key rule that may not be missing wants an answer."""
    add(record, rows(around(0.9)))
    add(record, [], probe="leakage.exact", status="skipped", reason="no training images")
    lacks = {"probe": "leakage.exact", "metric": "leaked", "at_most": 0.0}
    passed, listed, key, excused = judged(
        record,
        rule(),
        rule("two", **lacks),
        rule("three", **lacks, key=True),
        rule("four", **lacks, key=True, missing="ignore"),
    )
    assert not any(one.open for one in (listed, key, excused))
    assert overall([passed, listed, excused]) is PASS
    assert overall([passed, key]) is UNDECIDED


def test_one_movie_is_judged_here_and_says_nothing_beyond(record):
    """Frames of one movie have an interval here and none beyond; a policy says which counts."""
    record.enlist([scene(n, id=f"{n:03d}", group="movie", frame=n) for n in range(12)])
    add(record, rows(around(0.9)))
    (here,) = judged(record, rule())
    (beyond,) = judge(Policy(name="test", scope="beyond", rule=(rule(),)), record).outcomes
    assert (here.verdict, beyond.verdict) == (PASS, UNDECIDED)
    assert here.here == beyond.here is not None
    assert here.beyond is beyond.beyond is None
    assert beyond.open
    assert "one movie says nothing of others" in beyond.because


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
    widths = [one.here[1] - one.here[0] for one in outcomes[:4]]
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
        text = honest(value, rule(at_least=bound), int(stream.integers(0, 5)))
        shown = value if text.startswith("just") else float(text)
        assert (shown > bound) == (value > bound)
        assert (shown < bound) == (value < bound)
        assert ("above" in text, "below" in text) == (False, False) or (
            ("above" in text) == (value > bound)
        )


def test_a_failing_interval_is_not_shown_to_reach_the_bound(record):
    """Where the upper end is just below the bound the sentence does not round it onto it."""
    add(record, rows(around(0.7999, n=40, spread=1e-5)))
    (outcome,) = judged(record, rule())
    assert outcome.verdict is FAIL
    assert "0.800]" not in outcome.because
