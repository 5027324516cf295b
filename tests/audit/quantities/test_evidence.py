"""Laws of evidence: which rows a rule is about, and what is said where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from audit.quantities.absence import Absence
from audit.record.record import Record
from suites.pipeline.score import Score
from tests.audit.ruling import FAIL, PASS, UNDECIDED, WARN, around, judged, rows, rule
from tests.toys import add


def test_drops_are_paired_with_the_same_image(record):
    """A steady loss on very different images is found, for it is judged image by image."""
    clean = list(np.linspace(0.3, 0.9, 12))
    add(record, rows(clean))
    lost = [value - 0.1 - 0.002 * (n % 2) for n, value in enumerate(clean)]
    add(record, rows(lost, x=2.0), probe="shift.a")
    one = rule(probe="shift.a", at={"x": 2.0}, against=("clean",), at_most=0.05)
    (outcome,) = judged(record, one)
    assert outcome.verdict is FAIL
    assert outcome.estimate == pytest.approx(0.101)
    assert outcome.here[1] - outcome.here[0] < 0.01


def test_a_class_is_paired_with_its_own_class(record):
    """The drop of one class is from that class's clean score, not from another's."""
    for number, clean in ((1, 0.9), (2, 0.5)):
        add(record, rows(around(clean), "class_iou", **{"class": number}))
        add(record, rows(around(clean), "class_iou", x=2.0, **{"class": number}), probe="shift.a")
    for number in (1, 2):
        at = {"x": 2.0, "class": number}
        one = rule(probe="shift.a", metric="class_iou", at=at, against=("clean",), at_most=0.05)
        (outcome,) = judged(record, one)
        assert outcome.verdict is PASS
        assert outcome.estimate == pytest.approx(0.0, abs=1e-12)


def test_only_the_conditions_asked_for_are_judged(record):
    """Rows at another level, of another metric or another model do not count."""
    add(record, rows(around(0.9), x=1.0), probe="shift.a")
    add(record, rows(around(0.1), x=2.0), probe="shift.a")
    add(record, rows(around(0.1), "dice", x=1.0), probe="shift.a")
    add(record, rows(around(0.1), x=1.0), probe="shift.a", model="other")
    (outcome,) = judged(record, rule(probe="shift.a", at={"x": 1.0}))
    assert outcome.estimate == pytest.approx(0.9)


def test_a_reference_says_what_is_normal(record):
    """Against references the difference from their mean is judged, on the same images."""
    referred(record, 0.62, 0.64, 0.66)
    add(record, rows(around(0.6)))
    near, far = (rule(n, against=("reference",), at_least=b) for n, b in (("a", -0.1), ("b", 0.0)))
    first, second = judged(record, near, far)
    assert (first.verdict, second.verdict) == (PASS, FAIL)
    assert first.estimate == pytest.approx(-0.04)


def referred(record, *means):
    """Record reference networks of so many mean scores."""
    for number, mean in enumerate(means):
        record.assign(f"reference:{number}", f"r{number}", "reference")
        add(record, rows(around(mean)), model=f"r{number}")


@pytest.mark.parametrize(
    ("references", "verdict", "said"),
    [
        ((0.8,), WARN, "takes 3 references to know"),
        ((0.8, 0.82), WARN, "takes 3 references to know"),
        ((0.8, 0.81, 0.82), FAIL, ""),
        ((0.9, 0.9, 0.59), WARN, "one of the references is as far from the others"),
    ],
)
def test_what_may_be_a_matter_of_seeds_only_warns(record, references, verdict, said):
    """A model fails by its references where three are known and it is worse than each of them."""
    add(record, rows(around(0.6)))
    referred(record, *references)
    (found,) = judged(record, rule(against=("reference",), at_least=-0.1))
    assert found.verdict is verdict
    assert said in found.because


def test_a_drop_relative_to_the_references_drop(record):
    """Against clean and reference: only what the model loses beyond the normal counts."""
    record.assign("reference", "r", "reference")
    for model, lost in (("m", 0.3), ("r", 0.28)):
        add(record, rows(around(0.9)), model=model)
        add(record, rows(around(0.9 - lost), x=1.0), probe="shift.a", model=model)
    given = {"probe": "shift.a", "at": {"x": 1.0}}
    alone = rule("alone", against=("clean",), at_most=0.1, **given)
    beside = rule("beside", against=("clean", "reference"), at_most=0.1, **given)
    outcomes = judged(record, alone, beside)
    assert [one.verdict for one in outcomes] == [FAIL, PASS]
    assert outcomes[1].estimate == pytest.approx(0.02)


def test_without_a_reference_there_is_no_verdict(record):
    """A rule against references is listed where none was measured, and says so."""
    add(record, rows(around(0.9)))
    (outcome,) = judged(record, rule(against=("reference",)))
    assert (outcome.verdict, outcome.absence) == (UNDECIDED, Absence.LACKING)
    assert outcome.because.endswith(" was not judged: no reference network was given.")


def test_the_best_naive_predictor_is_what_a_score_is_held_to(record):
    """Against naive predictors the one with the highest mean is subtracted, on the same images."""
    for role, model, score in (("naive:otsu", "o", 0.7), ("naive:background", "b", 0.0)):
        record.assign(role, model, role)
        add(record, rows(around(score)), model=model)
    add(record, rows(around(0.8)))
    (outcome,) = judged(record, rule(against=("naive",), at_least=0.0))
    assert outcome.verdict is PASS
    assert outcome.estimate == pytest.approx(0.1)


def test_without_naive_predictors_there_is_no_comparison(record):
    """A rule against naive predictors is undecided where none was asked, and says so."""
    add(record, rows(around(0.9)))
    (outcome,) = judged(record, rule(against=("naive",)))
    assert outcome.verdict is UNDECIDED
    assert outcome.because.endswith("the best naive predictor has no such measurement.")


def test_what_was_not_asked_is_listed(record):
    """A rule on a probe that was not run, or on a condition that it has not, is no pass."""
    (outcome,) = judged(record, rule())
    assert (outcome.verdict, outcome.absence) == (UNDECIDED, Absence.NOT_ASKED)
    assert outcome.because.endswith(" was not judged: pipeline.score was not asked for.")
    add(record, rows(around(0.9)))
    (condition,) = judged(record, rule(at={"x": 1.0}))
    assert condition.absence is Absence.UNDEFINED
    assert "no iou at this condition" in condition.because


@pytest.mark.parametrize(
    ("status", "absence", "owed"),
    [
        ("not_applicable", Absence.NOT_APPLICABLE, False),
        ("skipped", Absence.LACKING, False),
        ("stopped", Absence.UNFINISHED, True),
        ("failed", Absence.FAILED, True),
        ("unread", Absence.UNREAD, True),
    ],
)
def test_absences_are_not_one(record, status, absence, owed):
    """What was asked and not answered is open; what could not be asked is listed."""
    add(record, [], status=status, reason="for this reason")
    (outcome,) = judged(record, rule())
    assert (outcome.verdict, outcome.absence) == (UNDECIDED, absence)
    assert outcome.open is owed
    assert "for this reason" in outcome.because


def test_undefined_everywhere_is_no_score(record):
    """Where every value is undefined the rule is undecided for that reason, not zero."""
    add(record, rows([None] * 12, weight=0.0))
    (outcome,) = judged(record, rule())
    assert outcome.verdict is UNDECIDED
    assert outcome.because == "The score was not judged: empty."


def test_without_the_untouched_score_nothing_is_lost(record):
    """A drop from nothing is none, and the reason is said."""
    add(record, rows(around(0.9), x=2.0), probe="shift.a")
    one = rule(probe="shift.a", at={"x": 2.0}, against=("clean",), at_most=0.05)
    (outcome,) = judged(record, one)
    assert (outcome.verdict, outcome.absence) == (UNDECIDED, Absence.UNDEFINED)
    assert "the untouched images have no score" in outcome.because


def test_undefined_images_are_left_out(record):
    """An image without a value neither helps nor harms."""
    add(record, [*rows(around(0.9)), *rows([None] * 13)[12:]])
    (outcome,) = judged(record, rule())
    assert (outcome.n, outcome.verdict) == (12, PASS)


def test_no_audited_model_no_verdict(tmp_path):
    """A record without a model is undecided."""
    with Record(tmp_path / "r.sqlite") as record:
        record.register(Score())
        (outcome,) = judged(record, rule())
    assert outcome.because.endswith(" was not judged: no model was audited.")
