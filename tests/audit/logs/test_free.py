"""Any text: a key is a name and the kind of line that it stands in."""

from __future__ import annotations

import pytest

from audit.errors import LogError
from audit.logs.open import open_log

EPOCHS = range(12)
TRAIN = [2.0 / (n + 1) for n in EPOCHS]
VAL = [2.5 / (n + 1) for n in EPOCHS]


def opened(tmp_path, *lines):
    """Return the only run of a log whose lines are written anew for each epoch."""
    text = "".join(
        line.format(n=n, at=n + 1, step=50 * n, t=round(t, 4), v=round(v, 4)) + "\n"
        for n, t, v in zip(EPOCHS, TRAIN, VAL, strict=True)
        for line in lines
    )
    (tmp_path / "log.txt").write_text("loading 12 images\n" + text)
    (run,) = open_log(tmp_path / "log.txt").runs
    return run


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            (
                "Epoch: [{n}/20] Iter:[90/100], Time: 0.5, lr: [0.01], Loss: {t}, Acc:0.7",
                "Loss: {v}, MeanIU:  0.49, Best_mIoU:  0.52",
            ),
            id="one name in lines of training and of scores",
        ),
        pytest.param(
            ("epoch {at}, phase train, step 10, loss_train, {t}", "epoch {at} | val_loss: {v}"),
            id="commas for signs",
        ),
        pytest.param(("Fold 1 Ep {at}/50 | Tr loss={t} acc=1 | Va loss={v} acc=1",), id="short"),
        pytest.param(
            ("step {step}: train loss {t}, val loss {v}", "iter {step}: loss 9.9, time 50ms"),
            id="steps alone",
        ),
        pytest.param(
            ("\x1b[32m[2025-10-21 01:20:58]\x1b[0m: INFO EPOCH {n} Train Loss {t} Val Loss {v}",),
            id="colours and a bracket",
        ),
        pytest.param(
            (
                "Epoch: {n}",
                "train: 100%|##| 10/10 [00:01, dice_loss - {t}, iou_score - 0.4]",
                "valid: 100%|##| 3/3 [00:00, dice_loss - {v}, iou_score - 0.3]",
            ),
            id="progress bars by part",
        ),
        pytest.param(
            ("Epoch {at}/12", "Training", "  loss: {t}", "Validation", "  loss: {v}"),
            id="headings",
        ),
        pytest.param(
            ("[train.py:33] Epoch {at} loss: {t}", "[train.py:60] Validation: loss {v}"),
            id="names of files say nothing",
        ),
        pytest.param(
            (
                "Epoch(train) [{at}][50/50] lr: 1e-2 loss: {t} loss_cls: 0.1",
                "Epoch(val) [{at}][9/9] loss: {v} mIoU: 0.5",
            ),
            id="the part in brackets",
        ),
        pytest.param(
            ("Epoch {at} dice loss: 0.1 total loss: {t}", "Epoch {at} val total loss: {v}"),
            id="a total beside a part",
        ),
        pytest.param(
            (
                "{{'loss': {t}, 'learning_rate': 0.1, 'epoch': {at}.0}}",
                "{{'eval_loss': {v}, 'epoch': {at}.0}}",
            ),
            id="dictionaries as Python prints them",
        ),
        pytest.param(
            (
                '{{"mode": "train", "epoch": {at}, "iter": 50, "lr": 0.1, "loss": {t}}}',
                '{{"mode": "val", "epoch": {at}, "iter": 9, "lr": 0.1, "loss": {v}}}',
            ),
            id="objects by mode",
        ),
    ],
)
def test_both_losses_are_read_from_their_own_lines(tmp_path, lines):
    """Whatever the words, the training's and the validation's loss are those that were written."""
    run = opened(tmp_path, *lines)
    assert run.training.values == pytest.approx(TRAIN, abs=1e-4)
    assert run.validation.values == pytest.approx(VAL, abs=1e-4)


def test_iterations_of_a_validation_are_no_places(tmp_path):
    """Only the training counts: what a validation counts are its images."""
    run = opened(
        tmp_path,
        "04/10 20:14:50 - INFO - Iter(train) [ {step}/600]  lr: 9e-3  loss: {t}  a.loss_ce: 1",
        "04/10 20:14:50 - INFO - Iter(val) [9/9]  mIoU: 0.5",
    )
    assert run.counts == "step"
    assert run.training.at == tuple(50 * n for n in EPOCHS)
    assert run.training.values == pytest.approx(TRAIN, abs=1e-4)
    assert run.validation is None


def test_networks_against_one_another_have_no_sum(tmp_path):
    """Losses of a generator and its critic are refused, with the remedy, and can be named."""
    line = "2025-06-13 00:42:46,228 - Epoch {at} Average Loss_G: {t}, Loss_D: 0.29"
    with pytest.raises(LogError, match="--map train="):
        opened(tmp_path, line)
    log = open_log(tmp_path / "log.txt", {"train": "Average Loss_G"})
    assert log.runs[0].training.values == pytest.approx(TRAIN, abs=1e-4)


def test_a_loss_in_lines_that_nothing_tells_apart_is_said(tmp_path):
    """Where one name stands twice an epoch and no word helps, what is left out is told."""
    run = opened(tmp_path, "Epoch {at} loss: {t} pace: 3", "loss: {v} other: 4")
    assert run.training.values == pytest.approx(TRAIN, abs=1e-4)
    assert any("2 kinds of line" in one.text and one.kind == "left out" for one in run.notices)


def test_what_a_line_adds_now_and_then_makes_no_other_quantity(tmp_path):
    """The loss of an epoch that was the best so far is the same loss."""
    text = "".join(
        f"Epoch {n} loss: {t:.4f}{' best: 0.5' if n % 3 else ''}\n" for n, t in enumerate(TRAIN)
    )
    (tmp_path / "log.txt").write_text(text)
    (run,) = open_log(tmp_path / "log.txt").runs
    assert run.training.values == pytest.approx(TRAIN, abs=1e-4)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ("Epoch {at}: loss (train): {t}, loss (val): {v}",), id="the part in brackets"
        ),
        pytest.param(
            ("Training stats. Loss: {t}. Score: 1", "Validation done. Loss: {v}.", "Epoch [{at}]"),
            id="counts that end rows, numbers that end sentences",
        ),
        pytest.param(
            (
                "Epoch [{n}][ 0/9] Loss 9.9 (9.8) lr 0.1",
                "Epoch [{n}][ 8/9] Loss 8.8 ({t}) lr 0.1",
                "Test: [0/4] Loss 7.7 ({v})",
            ),
            id="means in brackets",
        ),
        pytest.param(
            (
                "epoch {at}/12",
                "1/2, train_loss: 9.9",
                "2/2, train_loss: 8.8",
                "average loss: {t}",
                "val_loss: {v}",
            ),
            id="batches beside the mean of their epoch",
        ),
    ],
)
def test_the_loss_of_the_whole_epoch_is_read(tmp_path, lines):
    """Of a batch, its mean so far and the epoch's loss, the last two are read; parts by words."""
    run = opened(tmp_path, *lines)
    assert run.training.values == tuple(round(t, 4) for t in TRAIN)
    assert run.validation.values == tuple(round(v, 4) for v in VAL)


def test_the_lowest_so_far_in_brackets_is_no_mean(tmp_path):
    """A number in brackets that always is the lowest so far is left out, and it is said."""
    values = [0.9, 0.7, 0.8, 0.6, 0.75]
    lines = [
        f"epoch {n} loss 0.5 val_loss {value} ({min(values[: n + 1])})"
        for n, value in enumerate(values)
    ]
    (tmp_path / "log.txt").write_text("\n".join(lines))
    (run,) = open_log(tmp_path / "log.txt").runs
    assert run.validation.values == tuple(values)
    assert any("lowest value so far" in one.text for one in run.notices)


def test_decimal_commas_of_lines(tmp_path):
    """`loss: 1,75` is one and three quarters, not one."""
    lines = "".join(f"Epoch {n}, loss: {n},75, val_loss: {n},5\n" for n in range(1, 4))
    (tmp_path / "log.txt").write_text(lines)
    (run,) = open_log(tmp_path / "log.txt").runs
    assert (run.training.values, run.validation.values) == ((1.75, 2.75, 3.75), (1.5, 2.5, 3.5))
