"""Laws of watched trainings: being watched changes nothing, and what is seen is what is there."""

from __future__ import annotations

import math

import pytest
import torch

from baselines.recipe import Recipe
from baselines.training import train
from tests.baselines.trainings.plan import plan
from tests.baselines.trainings.scenes import images
from tests.baselines.trainings.watch import chance, watched

RECIPE = Recipe(widths=(4,), epochs=3, steps=2, batch=2, crop_px=24, schedule="constant")


def scene():
    """Return training, validation and hidden images."""
    return (images("development", 0, "whole", first, 3) for first in (0, 10, 20))


def test_a_watched_training_logs_what_an_unwatched_one_logs():
    """The log is that of the house's loop, whatever is looked at and however long it goes on."""
    training, validation, hidden = scene()
    plain = train(training, validation, RECIPE, seed=3).log
    longer = RECIPE.model_copy(update={"epochs": 5})
    seen = watched(
        training, validation, hidden, longer, seed=3, epochs=5, logged=3, places=frozenset((0, 4))
    )
    for one, other in zip(plain, seen.log, strict=True):
        assert other.loss == pytest.approx(one.loss, rel=1e-4)
        assert other.val_loss == pytest.approx(one.val_loss, rel=1e-4)
    assert [sight.epoch for sight in seen.on_log] == [0]
    assert [sight.epoch for sight in seen.beyond] == [4]


def test_a_sight_of_the_validation_images_is_the_logged_validation_loss():
    """Hidden images that are the validation images give the validation loss."""
    training, validation, _ = scene()
    seen = watched(
        training, validation, validation, RECIPE, seed=0, epochs=3, logged=3, places=frozenset((2,))
    )
    assert seen.sights[0].hidden == pytest.approx(seen.log[2].val_loss, rel=1e-4)


def test_a_training_that_diverges_ends_there():
    """A loss that is not finite is the last of the log."""
    training, validation, hidden = scene()
    wild = RECIPE.model_copy(
        update={"optimiser": "sgd", "learning_rate": 1e30, "epochs": 20, "weight_decay": 1.0}
    )
    seen = watched(
        training, validation, hidden, wild, seed=0, epochs=20, logged=20, places=frozenset((0,))
    )
    assert len(seen.log) < 20
    assert not seen.log[-1].finite


def test_chance_is_the_entropy_of_the_classes():
    """Who knows that a quarter is foreground loses the entropy of a quarter."""
    masks = torch.tensor([[[0, 0], [0, 1]]])
    expected = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert chance(torch.nn.functional.cross_entropy, masks, 2) == pytest.approx(expected)


def test_a_plan_is_the_same_whenever_it_is_asked_for():
    """Settings depend on part, plant and number alone."""
    assert plan("held_out", "good", 3) == plan("held_out", "good", 3)
    assert plan("held_out", "good", 3) != plan("development", "good", 3)
