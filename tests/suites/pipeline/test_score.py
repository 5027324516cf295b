"""Controls of pipeline.score: a right model scores one, a wrong one nothing."""

from __future__ import annotations

import pytest

from suites.pipeline.score import Score
from tests.toys import Threshold, held, mean_of, raw_threshold, rows_of, scene, segmenter


def constant(level: float):
    """Return a model that says the same everywhere."""
    return segmenter(Threshold(level), output="sigmoid-logits", digest=str(level))


def test_a_right_model_scores_one():
    """Negative control: a model that is right has IoU, Dice and recall of one."""
    rows = rows_of(Score(), raw_threshold())
    assert {metric: mean_of(rows, metric) for metric in ("iou", "dice", "recall")} == {
        "iou": 1.0,
        "dice": 1.0,
        "recall": 1.0,
    }


def test_a_blind_model_scores_nothing():
    """Positive control: all background has an IoU of 0, all foreground the share of the objects."""
    nothing, everything = (rows_of(Score(), constant(level)) for level in (1e6, -1e6))
    assert mean_of(nothing) == mean_of(nothing, "recall") == 0
    share = scene(0).mask().mean()
    assert mean_of(everything) == pytest.approx(share, abs=0.02)
    assert mean_of(everything, "recall") == 1


def test_an_empty_field_is_a_correct_rejection():
    """Where there is nothing to find, finding nothing is right and has no IoU."""
    empty = held("empty", scene(0).image() * 0, scene(0).mask() * 0)
    rows = {row.metric: row for row in rows_of(Score(), raw_threshold(), (empty,))}
    assert rows["correct_rejection"].value == 1
    assert rows["iou"].undefined is not None
