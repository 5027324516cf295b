"""A name says of which data a column is, whether it is a loss, and how finely it was logged."""

from __future__ import annotations

import pytest

from audit.logs.column import meaning


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("vloss", "validation"),
        ("ValLoss", "validation"),
        ("trloss", "training"),
        ("attrloss", None),
    ],
)
def test_a_part_in_one_word_with_loss_is_told(name, part):
    """`vloss` is of the validation; the end of another word is no part."""
    assert meaning(name).part == part


@pytest.mark.parametrize(
    ("name", "part", "kind"),
    [
        ("loss", None, ""),
        ("val_loss", "validation", ""),
        ("valLoss", "validation", ""),
        ("valloss", "validation", ""),
        ("Validation Loss", "validation", ""),
        ("eval_loss", "validation", ""),
        ("train/val_loss", "validation", ""),
        ("test_loss", "test", ""),
        ("Loss/train", "training", ""),
        ("train/box_loss", "training", "box"),
        ("val/box_loss", "validation", "box"),
        ("train_loss_avg", "training", ""),
        ("train_loss_epoch", "training", ""),
        ("validation/epoch_loss", "validation", ""),
        ("total_loss", None, "total"),
        ("val_diceLoss", "validation", "dice"),
    ],
)
def test_losses_are_told(name, part, kind):
    """The same loss of the training and the validation has the same kind."""
    said = meaning(name)
    assert (said.loss, said.part, said.kind) == (True, part, kind)


@pytest.mark.parametrize(
    "name", ["accuracy", "best_val_loss", "loss_weight", "loss_scale", "glossy"]
)
def test_what_is_no_loss_is_told(name):
    """Scores, weights of losses and their best values so far are no losses."""
    assert not meaning(name).loss


@pytest.mark.parametrize(
    "name", ["lr", "learning rate", "learning_rate", "lr/pg0", "LR", "lr-Adam"]
)
def test_rates_are_told(name):
    """A learning rate by all of its names."""
    assert meaning(name).rate


def test_counters_are_told():
    """Epochs and steps are counters, the time of an epoch is a clock, and neither is a loss."""
    assert {meaning(name).counts for name in ("epoch", "Epoch", "epoch_num")} == {"epoch"}
    steps = ("step", "_step", "global_step", "trainer/global_step", "iteration")
    assert {meaning(name).counts for name in steps} == {"step"}
    assert meaning("epoch_time").counts is None
    assert meaning("epoch_time").clock
