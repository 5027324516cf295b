"""Laws of the diagnosis as rows: what holds, what cannot be told, its sentence, its verdict."""

from __future__ import annotations

import pytest

from audit.policy.verdict import Verdict
from suites.training import Diagnosis
from suites.training.conditions import diagnose
from tests.suites.training.shapes import SHAPES, logged, shaped
from tests.toys import audit_of, judged_of, raw_threshold, rows_of

RULES = {
    "diverged": Verdict.FAIL,
    "learning rate": Verdict.WARN,
    "overfitting": Verdict.WARN,
    "training set": Verdict.WARN,
    "validation set": Verdict.WARN,
    "underfitting": Verdict.WARN,
    "training time": Verdict.WARN,
}
"""What each rule comes to where its condition holds."""


ALONE = [one for one in SHAPES if one != "good fit" and not one.endswith("by a gap")]
"""Shapes that show one flaw and no other."""


def rows(*runs):
    """Return what the probe yields of a log."""
    case = audit_of(raw_threshold(), log=logged(*runs))
    return rows_of(Diagnosis(), raw_threshold(), log=case.log)


def judged(*runs):
    """Return the outcomes of the default rules on a log."""
    return judged_of(audit_of(raw_threshold(), log=logged(*runs)), [Diagnosis()])


@pytest.mark.parametrize("shape", SHAPES)
def test_the_rows_are_the_diagnosis(shape):
    """Each condition is a row of 1, 0, or undefined for its reason; its numbers stand beside it."""
    run = shaped(shape)
    found = rows(run)
    for one in diagnose(run).conditions:
        mine = {row.metric: row for row in found if row.at["condition"] == one.name}
        assert mine["holds"].value == (None if one.holds is None else float(one.holds))
        assert mine["holds"].undefined == (one.because if one.holds is None else None)
        for key, value in one.evidence.items():
            assert mine[key].value == pytest.approx(value)
        ends = [mine[key].value for key in ("span_low", "span_high") if key in mine]
        assert tuple(ends) == (one.span or ())


@pytest.mark.parametrize("shape", ALONE)
def test_the_rule_of_a_condition_says_why_in_its_own_words(shape):
    """A rule fails or warns for each condition, with its sentence; no other does."""
    run = shaped(shape)
    held = [one for one in diagnose(run).conditions if one.holds]
    outcomes = judged(run)
    beyond = {name: one for name, one in outcomes.items() if one.verdict is not Verdict.PASS}
    accused = {name: one for name, one in beyond.items() if one.counts}
    assert len(accused) == len(held)
    assert {name: one.verdict for name, one in accused.items()} == {
        name: RULES[name] for name in accused
    }
    assert {one.because for one in held} == {one.because for one in accused.values()}


def test_a_good_fit_keeps_every_rule():
    """Every rule passes, and none is left out."""
    outcomes = judged(shaped("good fit"))
    assert set(outcomes) == set(RULES)
    assert {one.verdict for one in outcomes.values()} == {Verdict.PASS}


def test_one_bad_run_of_several_is_enough():
    """Runs are judged each for itself: a good one does not make up for another."""
    good, bad = shaped("good fit"), shaped("overfitting")
    assert judged(good, bad)["overfitting"].verdict is Verdict.WARN


def test_what_cannot_be_told_does_not_count():
    """An abstention is listed with its reason; it is neither a pass nor a doubt of the whole."""
    outcome = judged(shaped("good fit", points=12))["training time"]
    assert outcome.verdict is Verdict.UNDECIDED
    assert not outcome.counts
    assert "20 are the least" in outcome.because
