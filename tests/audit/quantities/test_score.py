"""What "score" means: the main metric of the record's task, in numbers and in words."""

from __future__ import annotations

import pytest

from audit.errors import RecordError
from audit.measurement import Measurement
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.probing.catalog import Catalog
from audit.quantities.comparison import compare
from audit.quantities.quantity import Quantity
from audit.quantities.score import of_task
from audit.record.record import Record
from audit.record.unit import Unit
from tests.toys import scenes

SAMPLES = scenes(12)
RULE = {
    "id": "score",
    "what": "the mean {score} of the untouched images",
    "probe": "pipeline.score",
    "metric": "score",
    "at_least": 0.5,
    "why": "A bound of this test.",
}


def record(path, task, value):
    """Return a record of a task, with the same value of either score in every image."""
    made = Record(path)
    made.declare(Catalog.installed().suites)
    made.describe(**({"main_metric": task} if task else {}))
    made.enlist(SAMPLES)
    made.assign("audited", "m", "m")
    rows = [
        Measurement(metric, shown, one.id, {})
        for one in SAMPLES
        for metric, shown in (("iou", 0.9), ("panoptic_quality", value))
    ]
    made.write(Unit(key="k", model="m", probe="pipeline.score", block=0), rows)
    return made


@pytest.mark.parametrize(
    ("task", "words", "verdict"),
    [("", "IoU", "PASS"), ("iou", "IoU", "PASS"), ("panoptic_quality", "panoptic quality", "FAIL")],
)
def test_a_rule_on_the_score_asks_what_the_task_is_known_by(tmp_path, task, words, verdict):
    """The same rule judges classes by IoU and objects by panoptic quality, and says so."""
    with record(tmp_path / "r.sqlite", task, 0.2) as made:
        (one,) = judge(Policy(name="ours", rule=(RULE,)), made).outcomes
    assert one.verdict.name == verdict
    assert f"mean {words} of the untouched" in one.because


def test_other_metrics_stay_what_they_are(tmp_path):
    """Only the score depends on the task."""
    with record(tmp_path / "r.sqlite", "panoptic_quality", 0.2) as made:
        asked = Quantity(probe="pipeline.score", metric="dice")
        assert of_task(asked, made) == asked


def test_two_tasks_are_not_compared_by_their_scores(tmp_path):
    """An IoU and a panoptic quality are two things; the remedy is named."""
    with (
        record(tmp_path / "a.sqlite", "iou", 0.2) as one,
        record(tmp_path / "b.sqlite", "panoptic_quality", 0.2) as other,
        pytest.raises(RecordError, match="--task"),
    ):
        compare(one, other, "score", 0.02)
