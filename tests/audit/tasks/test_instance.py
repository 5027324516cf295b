"""Laws of the task of objects: what is scored, what is left open, and that moves change nothing."""

from __future__ import annotations

import pytest
import torch

from audit.meaning import IGNORE
from audit.models.segmenter import Prediction
from audit.tasks.instance import INSTANCE
from audit.tasks.named import TASKS, named
from audit.tasks.scores import MAIN, OBJECT_SCORES

TRUTH = torch.zeros(12, 12, dtype=torch.int64)
TRUTH[1:5, 1:5], TRUTH[1:5, 5:9], TRUTH[8:11, 8:11] = 4, 7, 9


def told(numbers, truth=TRUTH, *, complete=True):
    """Return what is scored of object numbers, by metric."""
    found = Prediction(labels=(numbers > 0).long()[None], instances=numbers[None])
    return {one.metric: one for one in INSTANCE.score(found, truth, classes=2, complete=complete)}


def test_other_numbers_are_the_same_objects():
    """A prediction that is the truth under other numbers is perfect."""
    found = told(torch.tensor([0, 0, 0, 0, 30, 0, 0, 2, 0, 11])[TRUTH])
    for name in ("panoptic_quality", "object_f1", "segmentation_quality", "iou"):
        assert found[name].value == 1
    assert "correct_rejection" not in found


def test_a_merge_is_seen_by_the_score_and_not_by_the_overlap():
    """Two cells under one number cover the same pixels: IoU is 1, one of three objects is left."""
    found = told(torch.tensor([0, 0, 0, 0, 4, 0, 0, 4, 0, 9])[TRUTH])
    assert found["iou"].value == 1
    # The merged pair covers either cell by just one half, which is no match.
    assert found["merged_fraction"].value == pytest.approx(2 / 3)
    assert found["panoptic_quality"].value < 0.75


def test_a_model_of_classes_is_scored_by_its_components():
    """Where no objects are given the connected areas stand for them."""
    labels = (TRUTH > 0).long()
    found = {
        one.metric: one.value
        for one in INSTANCE.score(Prediction(labels[None]), TRUTH, classes=2, complete=True)
    }
    assert found["merged_fraction"] == pytest.approx(2 / 3)


def test_sparse_truth_leaves_inventions_open():
    """Where only part of the objects is annotated, what counts inventions has no value."""
    found = told(TRUTH, complete=False)
    for name in ("panoptic_quality", "object_f1", "invented_fraction", "iou"):
        assert found[name].value is None
        assert found[name].why
    assert found["missed_fraction"].value == 0


def test_nothing_found_where_nothing_is_counts_as_a_rejection():
    """Of an empty field the score is undefined, and what was left empty is counted."""
    empty = torch.zeros_like(TRUTH)
    assert told(empty, empty)["correct_rejection"].value == 1
    assert told(empty, empty)["panoptic_quality"].value is None
    assert told(TRUTH, empty)["correct_rejection"].value == 0


def test_what_nobody_judged_is_no_invention():
    """A predicted object where the truth ignores lies outside of what was annotated."""
    truth = TRUTH.where(TRUTH != 9, IGNORE)
    assert told(TRUTH, truth)["invented_fraction"].value == 0
    assert told(TRUTH, truth)["panoptic_quality"].value == 1


def test_each_task_yields_its_main_metric_first():
    """What rules mean by "score" is declared once, and what a task yields first."""
    assert {name: task.main for name, task in TASKS.items()} == MAIN
    assert named("instance").main == next(iter(told(TRUTH))) == OBJECT_SCORES[0].name
