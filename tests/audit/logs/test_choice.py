"""The losses are chosen by the user's map, else by a documented order, and it is said which."""

from __future__ import annotations

import pytest

from audit.errors import LogError
from audit.logs.choice import choose


def chosen(names, asked=None):
    """Return the columns that are chosen among names of ten values each."""
    choice = choose(dict.fromkeys(names.split(), 10), asked or {})
    return choice.training, choice.validation


def test_the_order_of_losses():
    """Plain before total before the only one before the sum, and only what both parts have."""
    assert chosen("dice_loss loss val_loss val_dice_loss") == (("loss",), ("val_loss",))
    assert chosen("dice_loss total_loss val_total_loss val_dice_loss") == (
        ("total_loss",),
        ("val_total_loss",),
    )
    assert chosen("loss dice_loss val_dice_loss") == (("dice_loss",), ("val_dice_loss",))
    assert chosen("total_loss a_loss b_loss val_a_loss val_b_loss") == (
        ("a_loss", "b_loss"),
        ("val_a_loss", "val_b_loss"),
    )


def test_losses_of_other_kinds_are_no_pair():
    """A validation loss of another kind is not set against the training's; it is told."""
    choice = choose({"loss": 9, "val_dice_loss": 9}, {})
    assert (choice.training, choice.validation) == (("loss",), ())
    assert any("val_dice_loss" in one.text for one in choice.notices if one.kind == "left out")


def test_an_epoch_before_a_step_and_validation_before_test():
    """Means over epochs win over single steps; test data are taken only where nothing else is."""
    assert chosen("train_loss_step train_loss_epoch test_loss val_loss") == (
        ("train_loss_epoch",),
        ("val_loss",),
    )
    choice = choose({"train_loss": 9, "test_loss": 9}, {})
    assert choice.validation == ("test_loss",)
    assert any("test data" in one.text for one in choice.notices)


def test_the_map_wins():
    """What the user names is taken, and its partner of the same kind is found."""
    names = "loss val_loss accuracy val_accuracy lr"
    assert chosen(names, {"train": "accuracy"}) == (("accuracy",), ("val_accuracy",))
    assert chosen(names, {"val": "val_accuracy"}) == (("accuracy",), ("val_accuracy",))
    assert chosen(names, {"train": "loss", "val": "val_accuracy"}) == (("loss",), ("val_accuracy",))
    assert choose({"loss": 9, "lr": 9}, {"rate": "loss"}).rate == "loss"


def test_an_unknown_column_is_refused_with_a_suggestion():
    """The error lists what is there, and names the nearest."""
    with pytest.raises(
        LogError, match=r"train=los: .*did you mean 'loss'\?; there are `loss`, `val_loss`"
    ):
        choose({"loss": 9, "val_loss": 9}, {"train": "los"})


def test_scores_alone_are_refused():
    """Where no column is a loss, the remedy is to name one."""
    with pytest.raises(LogError, match=r"no column is a loss among `accuracy`.*--map train="):
        choose({"accuracy": 9, "val_accuracy": 9}, {})
