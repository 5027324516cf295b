"""Controls of training.checkpoint: which of two checkpoints is the better one to publish."""

from __future__ import annotations

import pytest

from audit.probing.audited import Audit
from audit.probing.case import Block, Case
from suites.training.checkpoint import Checkpoint
from tests.toys import Threshold as Level
from tests.toys import mean_of, raw_threshold, scenes, segmenter


def measured(audited, last):
    """Return the rows of a model beside its own last checkpoint."""
    samples = scenes(3)
    audit = Audit(models={"audited": audited, "last": last}, samples=samples)
    case = Case(audit, "audited", Checkpoint(), Block(samples), lambda _: ())
    return list(Checkpoint().measure(case)), case


def spoilt():
    """Return a model that takes half of the background for cells."""
    return segmenter(Level(100.0), output="sigmoid-logits", digest="spoilt")


def test_a_checkpoint_that_training_had_spoilt_since_is_worth_keeping():
    """Positive control: what the published weights gain over spoilt last ones is their IoU's."""
    rows, case = measured(raw_threshold(), spoilt())
    kept, last = mean_of(rows, "kept_iou"), mean_of(rows, "iou")
    assert kept > 0.3
    assert kept + last == pytest.approx(1, abs=0.01)
    assert case.passes == 2 * 3


def test_the_same_weights_gain_nothing():
    """Negative control: where the last checkpoint is the published one, the difference is none."""
    rows, _ = measured(raw_threshold(), raw_threshold())
    assert {row.value for row in rows if row.metric == "kept_iou"} == {0.0}


def test_publishing_the_worse_one_shows_as_a_loss():
    """The sign says which of the two to publish."""
    rows, _ = measured(spoilt(), raw_threshold())
    assert mean_of(rows, "kept_iou") < -0.3
