"""Laws of the naive predictors: they know the training masks, never the image's truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from skimage.filters import threshold_otsu

from audit.models.segmenter import Segmenter
from audit.role import AUDITED, Role
from baselines.naive.predictors import best_labels
from baselines.naive.prior import Prior
from baselines.naive.team import naive_models
from suites.pipeline.score import Score
from suites.shift.noise import Noise
from tests.toys import audit_of, held, raw_threshold, rows_of, scene, scenes


def team(train=(), test=(), classes=2):
    """Return the naive predictors."""
    return naive_models(train, test, classes)


def labels_of(model, image):
    """Return what a predictor says of one image."""
    return model.predict(torch.as_tensor(image, dtype=torch.float32)[None]).labels[0]


def corner(name, classes):
    """Return a sample of 4 x 4 px whose first column holds the given classes."""
    mask = np.zeros((4, 4), int)
    mask[:, 0] = classes
    return held(name, np.zeros((1, 4, 4)), mask)


def test_no_mask_is_read_before_a_predictor_is_asked():
    """Composing the team costs nothing, whatever the training set."""

    def refuse():
        raise AssertionError("read")

    lazy = [replace(one, mask=refuse, image=refuse) for one in scenes(3)]
    models = team(lazy, lazy)
    assert set(models) == {
        Role("naive", "background"),
        Role("naive", "frequent"),
        Role("naive", "mean-mask"),
        Role("naive", "otsu"),
    }
    assert all(isinstance(model, Segmenter) for model in models.values())
    assert len({model.traits.digest for model in models.values()}) == 4


def test_the_mean_mask_needs_training_masks_of_one_shape():
    """Without training masks, or with masks of two shapes, there is no mean mask."""
    assert Role("naive", "mean-mask") not in team((), scenes(2))
    assert Role("naive", "mean-mask") not in team((scene(0), scene(1, size=32, radius=4)), ())
    assert Role("naive", "mean-mask") not in team((scene(0, mask=None),), ())


def test_constants_are_background_and_the_most_frequent_class():
    """Where class 2 covers most, the frequent predictor says 2 everywhere, background 0."""
    mask = np.full((4, 4), 2)
    models = team([held("a", np.zeros((1, 4, 4)), mask)], classes=3)
    assert (
        labels_of(models[Role("naive", "background")], np.zeros((1, 5, 3))).tolist()
        == [[0] * 3] * 5
    )
    assert (
        labels_of(models[Role("naive", "frequent")], np.zeros((1, 5, 3))).tolist() == [[2] * 3] * 5
    )


def test_the_mean_mask_is_the_best_constant_map():
    """No other constant map of the training masks' pixels has a higher pooled IoU."""
    stream = np.random.default_rng(0)
    masks = stream.random((5, 2, 4)) < stream.random((2, 4))
    foreground = masks.mean(0)
    best = best_labels(np.stack([1 - foreground, foreground]))

    def pooled(flat):
        guess = np.array([flat >> bit & 1 for bit in range(8)], bool).reshape(2, 4)
        return (masks & guess).sum() / max(1, (masks | guess).sum())

    mine = sum(int(on) << bit for bit, on in enumerate(best.reshape(-1)))
    assert pooled(mine) == pytest.approx(max(pooled(flat) for flat in range(256)))


def test_the_mean_mask_says_where_and_what_and_fits_any_image():
    """The map holds the most frequent class of each place, and is stretched to other sizes."""
    train = [corner("a", [1, 1, 2, 2]), corner("b", [1, 1, 2, 2])]
    model = team(train, classes=3)[Role("naive", "mean-mask")]
    assert labels_of(model, np.zeros((1, 4, 4)))[:, 0].tolist() == [1, 1, 2, 2]
    assert labels_of(model, np.zeros((1, 8, 8)))[:, 1].tolist() == [1, 1, 1, 1, 2, 2, 2, 2]
    assert labels_of(model, np.zeros((1, 4, 4)))[:, 1:].sum() == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_otsu_takes_the_rarer_side(sign):
    """Bright objects on dark ground and dark ones on bright ground are found alike."""
    sample = scene(0)
    image = sign * sample.image()
    found = labels_of(team((), scenes(2))[Role("naive", "otsu")], image)
    level = threshold_otsu(image[0])
    assert torch.equal(found > 0, torch.from_numpy((image[0] - level) * sign > 0))
    assert (found.numpy() == sample.mask()).mean() > 0.99


def test_classes_that_the_model_lacks_are_left_to_the_probes():
    """A mask with more classes than the model has breaks no predictor."""
    assert Prior([corner("a", [1, 5, 1, 1])], 2).pixels.tolist() == [12, 3]


def test_naive_predictors_are_asked_where_a_probe_says_so_and_nowhere_else():
    """The score of each naive predictor stands in the record; noise is not shown to them."""
    model = raw_threshold()
    audit = audit_of(model, scenes(2))
    everyone = replace(audit, models={**audit.models, **team((), scenes(2))})
    from audit.engine.plan import plan

    roles = {task.role for task in plan(everyone, [Score()])}
    assert roles == {
        AUDITED,
        Role("naive", "background"),
        Role("naive", "frequent"),
        Role("naive", "otsu"),
    }
    assert {task.role for task in plan(everyone, [Noise()])} == {AUDITED}
    rows = rows_of(Score(), team((), scenes(2))[Role("naive", "background")], scenes(2))
    assert {row.value for row in rows if row.metric == "iou"} == {0.0}
