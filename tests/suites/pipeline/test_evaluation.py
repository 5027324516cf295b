"""Controls of pipeline.evaluation: what eval() would bring, where it brings anything."""

from __future__ import annotations

import torch

from suites.pipeline.batch import Batch
from suites.pipeline.evaluation import SETTLED, Evaluation
from suites.pipeline.score import Score
from tests.suites.pipeline.test_batch import saved
from tests.suites.pipeline.verdict import outcomes
from tests.toys import mean_of, rows_of, scenes


def test_a_network_saved_in_training_mode_is_told_what_eval_brings(tmp_path):
    """Positive control: what a black companion takes comes back, and the outcome says how much."""
    model = saved(tmp_path, training=True)
    found = outcomes(Batch(), model, "batch companion", before=(Evaluation(),))
    black = found["batch companion=black"]
    assert black.tried.sure
    assert black.tried.before == black.estimate
    assert black.tried.after == 1
    assert "A call to eval() before saving would raise the agreement by" in black.advice
    assert found["batch companion=similar"].tried is None


def test_the_copy_is_the_network_that_was_saved_rightly(tmp_path):
    """The scores after eval() are those of the same network saved in inference mode."""
    for name in ("training", "inference"):
        (tmp_path / name).mkdir()
    left, right = (
        saved(tmp_path / name, training=name == "training") for name in ("training", "inference")
    )
    copied = rows_of(Evaluation(), left, scenes(3))
    assert mean_of(copied, "iou") == mean_of(rows_of(Score(), right, scenes(3)), "iou")
    assert left.module.training


def test_a_network_in_inference_mode_has_nothing_to_gain(tmp_path):
    """Negative control: where nothing is in training mode nothing is tried, and that is said."""
    model = saved(tmp_path, training=False)
    rows = rows_of(Evaluation(), model, scenes(2))
    assert len(rows) == 2 * 5
    assert {row.undefined for row in rows} == {SETTLED}
    assert model.evaluated() is None


def test_the_model_under_audit_stays_as_it_was(tmp_path):
    """The copy is switched, not the model: what it says after is what it said before."""
    model = saved(tmp_path, training=True)
    images = torch.from_numpy(scenes(1)[0].image())[None]
    before = model.predict(torch.cat((images, torch.zeros_like(images)))).labels
    assert not model.evaluated().module.training
    after = model.predict(torch.cat((images, torch.zeros_like(images)))).labels
    assert bool((before == after).all())
