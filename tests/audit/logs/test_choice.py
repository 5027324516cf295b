"""The losses are chosen by the user's map, else by a documented order, and it is said which."""

from __future__ import annotations

import pytest

from audit.errors import LogError
from audit.logs.choice import choose
from audit.logs.open import open_log


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


def test_several_columns_are_mapped_as_their_sum(tmp_path):
    """`--map train=a + b` sums columns; the partners of all of them make the validation."""
    rows = "".join(f"{n},{n + 1},{n + 2},{n + 3},{n + 4}\n" for n in range(9))
    (tmp_path / "log.csv").write_text("epoch,box_loss,obj_loss,val_box_loss,val_obj_loss\n" + rows)
    (run,) = open_log(tmp_path / "log.csv", {"train": "box_loss+obj_loss"}).runs
    assert run.training.values == tuple(2 * n + 3 for n in range(9))
    assert run.validation.values == tuple(2 * n + 7 for n in range(9))


def test_one_unknown_column_of_several_is_named(tmp_path):
    """A sum of columns names the one that is not there."""
    (tmp_path / "log.csv").write_text("epoch,a_loss,b_loss\n1,2,3\n2,3,4\n")
    with pytest.raises(LogError, match="c_loss"):
        open_log(tmp_path / "log.csv", {"train": "a_loss+c_loss"})


def test_the_boxes_of_yolo_10_are_losses(tmp_path):
    """One to many and one to one: components of one sum, though no name says loss."""
    head = "epoch,train/box_om,train/box_oo,val/box_om,val/box_oo"
    (tmp_path / "r.csv").write_text(head + "\n" + "".join(f"{n},1,{n},2,{n}\n" for n in range(9)))
    (run,) = open_log(tmp_path / "r.csv").runs
    assert run.training.values == tuple(1.0 + n for n in range(9))
    assert run.validation.values == tuple(2.0 + n for n in range(9))


def test_totals_by_two_names_are_a_pair():
    """`total_loss` and `validation_loss` are both the whole loss; a component is none."""
    assert chosen("total_loss loss_mask validation_loss") == (("total_loss",), ("validation_loss",))
    assert chosen("total_loss val_dice_loss") == (("total_loss",), ())
