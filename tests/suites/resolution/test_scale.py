"""Controls of resolution.scale: a model of smaller objects gains from coarser pixels."""

from __future__ import annotations

import pytest
from torch import nn

from audit.engine.runner import run
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.rule import Rule
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.pipeline.score import Score
from suites.resolution.scale import Scale
from tests.toys import Contrast, audit_of, mean_of, raw_threshold, rows_of, scenes, segmenter

SCALE = Scale(factor=(0.4, 0.5, 0.63, 1.0, 1.6))


def fixed_scale(side: int):
    """Return a model that finds what is brighter than its neighbourhood of a fixed size."""
    module = nn.Sequential(nn.AvgPool2d(3, 1, 1, count_include_pad=False), Contrast(side, 8.0))
    return segmenter(module, output="sigmoid-logits", digest=f"box {side}")


def judged(model, tmp_path):
    """Return the outcome of the gain rule on eight scenes of large discs."""
    rule = Rule(
        id="hidden resolution",
        what="the gain",
        probe="resolution.scale",
        metric="iou",
        statistic="gain",
        over="factor",
        at_most=0.03,
        why="as in the default policy",
        tries={"doing": "Rescaling by {choice}", "over": "factor"},
    )
    samples = scenes(8, size=96, radius=14.0)
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", model.traits.digest, "model")
        run(audit_of(model, samples), [Score(), SCALE], record, pictures=False)
        return judge(Policy(name="test", rule=(rule,)), record).outcomes[0]


def test_a_model_of_smaller_objects_gains(tmp_path):
    """Positive control: a filter for discs of half the size gains at half the resolution."""
    outcome = judged(fixed_scale(13), tmp_path)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.estimate > 0.1
    assert outcome.choice < 0.7
    assert outcome.tried.sure
    assert outcome.tried.after > outcome.tried.before + 0.1


def test_a_model_of_these_objects_does_not(tmp_path):
    """Negative control: a pixel-wise threshold is best on the images as they are."""
    outcome = judged(raw_threshold(), tmp_path)
    assert outcome.verdict is Verdict.PASS
    assert outcome.estimate == pytest.approx(0, abs=1e-9)
    assert outcome.tried is None


def test_the_factor_one_is_the_untouched_image():
    """At the factor 1 the rows are those of the plain score: a gain is a paired difference."""
    plain = {(r.metric, r.sample): r.value for r in rows_of(Score(), raw_threshold())}
    rows = rows_of(SCALE, raw_threshold())
    assert {(r.metric, r.sample): r.value for r in rows if r.at == {"factor": 1.0}} == plain


def test_coarser_pixels_cost_a_good_model_little():
    """The prediction comes back to the original grid where it was: the overlap stays high."""
    rows = rows_of(Scale(factor=(0.5, 1.0, 2.0)), raw_threshold(), scenes(2, size=63))
    assert mean_of(rows, factor=0.5) > 0.85
    assert mean_of(rows, factor=2.0) > 0.93
