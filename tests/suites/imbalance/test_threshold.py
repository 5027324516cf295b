"""Controls of imbalance.threshold: a threshold that is off, one that is not, and one an image."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from audit.errors import UsageError
from audit.policy.verdict import Verdict
from suites.imbalance.threshold import Threshold
from tests.toys import (
    Does,
    audit_of,
    judged_of,
    mean_of,
    raw_threshold,
    rows_of,
    scenes,
    segmenter,
    tiny,
)
from tests.toys import Threshold as Level

SAMPLES = scenes(12)


def brighter(number: int):
    """Return a scene under a lamp of its own: a pedestal of up to 120 counts."""
    sample = SAMPLES[number]
    image = sample.image() + 60.0 * (number % 3)
    return replace(sample, id=f"lamp/{number}", image=image.copy, digest=f"lamp {number}")


def outcomes(model, samples=SAMPLES):
    """Return the verdicts of the default policy."""
    return judged_of(audit_of(model, samples), [Threshold()])


def test_a_threshold_that_is_off_fails():
    """Positive control: probabilities so low that only bright pixels pass one half."""
    off = segmenter(Level(185.0, 0.1), output="sigmoid-logits", digest="off")
    outcome = outcomes(off)["threshold"]
    assert outcome.verdict is Verdict.FAIL
    assert outcome.interval[0] > 0.1
    assert outcome.choice > 1
    assert outcome.tried.sure
    assert "would raise the IoU by" in outcome.advice


def test_a_good_threshold_passes():
    """Negative control: where one half is right nothing is gained, for the set or an image."""
    found = outcomes(raw_threshold())
    assert {one.verdict for one in found.values()} == {Verdict.PASS}
    assert {one.tried for one in found.values()} == {None}


def test_lamps_that_differ_need_a_threshold_each():
    """Positive control: no one threshold fits, and the best for each image gains much more."""
    module = Level(200.0, 0.05)
    model = segmenter(module, output="sigmoid-logits", digest="lamps")
    found = outcomes(model, tuple(brighter(number) for number in range(12)))
    assert found["threshold for each image"].verdict is Verdict.FAIL
    assert found["threshold for each image"].estimate > found["threshold"].estimate + 0.05


def test_odds_of_one_are_the_declared_rule():
    """At odds 1 the score is that of the untouched prediction, with any number of classes."""
    model = tiny(classes=2)
    declared = rows_of(Threshold(odds=(1.0,)), model, SAMPLES[:2])
    expected = (model.predict(torch.from_numpy(SAMPLES[0].image())[None]).labels > 0).float()
    truth = torch.from_numpy(SAMPLES[0].mask()) > 0
    both = float(((expected[0] > 0) & truth).sum()) / float(((expected[0] > 0) | truth).sum())
    (mine,) = [row for row in declared if row.metric == "iou" and row.sample == "scene/00"]
    assert mine.value == pytest.approx(both)


@pytest.mark.parametrize("odds", [0.25, 3.0])
def test_odds_are_a_threshold_on_the_probability(odds):
    """With two classes, odds o are the threshold 1 / (1 + o) on the probability of foreground."""
    model = segmenter(Level(140.0, 0.05), output="sigmoid-logits")
    rows = rows_of(Threshold(odds=(1.0, odds)), model, SAMPLES[:1])
    probability = model.predict(torch.from_numpy(SAMPLES[0].image())[None]).probabilities[0, 1]
    found = probability > 1 / (1 + odds)
    truth = torch.from_numpy(SAMPLES[0].mask()) > 0
    expected = float((found & truth).sum()) / float((found | truth).sum())
    assert mean_of(rows, odds=odds) == pytest.approx(expected)


def test_the_oracle_gain_is_the_best_score_less_the_declared_one():
    """What one image gains is the highest of its scores less the one at odds 1."""
    rows = rows_of(Threshold(), segmenter(Level(170.0, 0.05), output="sigmoid-logits"), SAMPLES[:1])
    scores = {row.at["odds"]: row.value for row in rows if row.metric == "iou"}
    assert mean_of(rows, "oracle_gain") == max(scores.values()) - scores[1.0] > 0


def test_the_declared_threshold_cannot_be_left_out():
    """Without odds of 1 there is nothing to gain from."""
    with pytest.raises(UsageError, match="expected 1, the declared rule"):
        Threshold(odds=(0.5, 2.0))


def test_a_nearly_saturated_model_is_measured_all_the_same():
    """Probabilities of 0 and 1 leave no threshold to tune: the gain is none."""
    hard = segmenter(
        Does(lambda x: (x > 140).float() * 200 - 100), output="sigmoid-logits", digest="hard"
    )
    assert outcomes(hard)["threshold for each image"].verdict is Verdict.PASS
