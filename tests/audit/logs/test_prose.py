"""Text logs are read by the words that programs write."""

from __future__ import annotations

import time

import pytest

from audit.errors import LogError
from audit.logs.open import open_log


def opened(tmp_path, text):
    """Return the log that is written in a text."""
    (tmp_path / "log.txt").write_text(text)
    return open_log(tmp_path / "log.txt")


def nnunet(*epochs):
    """Return what nnU-Net v2 writes for epochs."""
    at = "2025-02-07 09:15:25.399157"
    return "".join(
        f"{at}: Epoch {n} \n{at}: Current learning rate: 0.01 \n{at}: train_loss {-loss} \n"
        f"{at}: val_loss {loss} \n{at}: Pseudo dice [np.float32(0.75), 0.25, nan] \n"
        f"{at}: Epoch time: 98.09 s \n{at}: Yayy! New best EMA pseudo Dice: 0.72 \n{at}:  \n"
        for n, loss in epochs
    )


def test_nnunet_2(tmp_path):
    """Losses are negative, and an epoch without them is none."""
    at = "2025-02-07 09:15:25.399157"
    log = opened(
        tmp_path, f"#####\n \n{at}: do_dummy\n" + nnunet((0, 0.5), (1, 0.25)) + f"{at}: Epoch 2 \n"
    )
    (run,) = log.runs
    assert log.format == "nnU-Net v2 log"
    assert (run.training.at, run.training.values) == ((0, 1), (-0.5, -0.25))
    assert run.validation.values == (0.5, 0.25)
    assert run.rate.values == (0.01, 0.01)
    assert list(run.others) == ["pseudo_dice"]


def test_nnunet_resumes_in_another_file(tmp_path):
    """Files of one folder follow one another by the numbers in their names; the last wins."""
    (tmp_path / "training_log_2025_2_7_09_15_05.txt").write_text(nnunet((0, 1), (1, 2), (2, 3)))
    (tmp_path / "training_log_2025_10_7_09_15_05.txt").write_text(nnunet((1, 20), (2, 30), (3, 40)))
    (run,) = open_log(tmp_path).runs
    assert run.validation.values == (1, 20, 30, 40)
    assert "resumed" in {one.kind for one in run.notices}


def test_nnunet_1(tmp_path):
    """Epochs stand on lines of their own."""
    at = "2022-02-11 09:32:44.207069"
    log = opened(
        tmp_path,
        "".join(
            f"{at}: \nepoch:  {n}\n{at}: train loss : -0.{n}5\n{at}: validation loss: -0.{n}\n"
            f"{at}: Average global foreground Dice: [0.5, 0.25]\n{at}: lr: 0.009\n"
            f"{at}: This epoch took 137.1 s\n\n"
            for n in (6, 7)
        ),
    )
    (run,) = log.runs
    assert log.format == "nnU-Net v1 log"
    assert (run.training.at, run.training.values) == ((6, 7), (-0.65, -0.75))
    assert run.validation.values == (-0.6, -0.7)
    assert run.others["global_foreground_dice"].values == (0.375, 0.375)


CELLPOSE = (
    "2024-12-02 14:03:38,343 [INFO] 0, train_loss=0.5, test_loss={0}, LR=0.000000, time 79.06s\n"
    "2024-12-02 14:09:49,539 [INFO] 5, train_loss=0.25, test_loss={0}, LR=0.1, time 450.26s\n"
)


def test_cellpose(tmp_path):
    """Epochs 0, 5, 10, 20 ... with a test loss that is taken for the validation."""
    log = opened(tmp_path, "cellpose version: 	3.1.0\n" + CELLPOSE.format("0.75"))
    (run,) = log.runs
    assert log.format == "Cellpose log"
    assert (run.training.at, run.training.values) == ((0, 5), (0.5, 0.25))
    assert run.validation.values == (0.75, 0.75)


def test_cellpose_without_test_data(tmp_path):
    """A test loss of 0 throughout is no perfect score, but nothing measured."""
    (run,) = opened(tmp_path, CELLPOSE.format("0.0000")).runs
    assert run.validation is None
    assert [one.kind for one in run.notices if one.kind.startswith("no ")] == ["no test data"]


def test_cellpose_trained_twice(tmp_path):
    """Two trainings of one session stand in one log."""
    first, second = opened(tmp_path, CELLPOSE.format("0.75") + CELLPOSE.format("0.0000")).runs
    assert first.validation.values == (0.75, 0.75)
    assert second.validation is None


def test_cellpose_may_pad_its_numbers(tmp_path):
    """Two spaces before a number lose no loss."""
    lines = "".join(f"Epoch {n}, Time  3.2s, Loss  {2 - n}, Loss Test  {3 - n}\n" for n in (0, 1))
    (run,) = opened(tmp_path, lines).runs
    assert (run.training.values, run.validation.values) == ((2, 1), (3, 2))


def test_the_first_cellpose(tmp_path):
    """Versions 1 and 2 wrote words and no signs."""
    log = opened(
        tmp_path,
        "2021-12-10 09:40:52,305 [INFO] Epoch 8, Time  5.2s, Loss 1.5, Loss Test 2570.5, LR 0.2\n"
        "2021-12-10 09:40:52,701 [INFO] Epoch 9, Time  5.6s, Loss 1.25, Loss Test 525.5, LR 0.2\n",
    )
    (run,) = log.runs
    assert log.format == "Cellpose 1 and 2 log"
    assert (run.training.values, run.validation.values) == ((1.5, 1.25), (2570.5, 525.5))


@pytest.mark.parametrize(
    "line",
    [
        "epoch {0} loss: {1} val_loss: {2}",
        "Epoch {0}, loss={1}, val_loss={2}, acc=0.9",
        "Epoch [{0}/100] | Train Loss: {1} | Val Loss: {2} | time: 3.2s",
        "INFO - epoch: {0}; training loss = {1}; validation loss = {2}",
        "[Epoch {0}] train_loss {1} valid_loss {2}",
        "Epoch {0}/3\n9/10 [==>] - 20ms/step - loss: 9.9\r10/10 [==] - loss: {1} - val_loss: {2}",
        "\x1b[32mEpoch {0}\x1b[0m\n  train loss: {1}\n  val loss: {2}",
        "Epoch {0} train loss: {1}\nEpoch {0} val loss: {2}",
    ],
)
def test_any_text(tmp_path, line):
    """Whatever a loop prints: an epoch, and losses by name."""
    text = "\n".join(line.format(n, 1 / (n + 1), 2 / (n + 1)) for n in range(3))
    (run,) = opened(tmp_path, "loading data\n" + text + "\ndone in 3.4 s\n").runs
    assert run.counts == "epoch"
    assert (run.training.at, run.validation.at) == ((0, 1, 2), (0, 1, 2))
    assert run.training.values == pytest.approx((1, 1 / 2, 1 / 3))
    assert run.validation.values == pytest.approx((2, 1, 2 / 3))


def test_the_time_of_an_epoch_is_no_epoch(tmp_path):
    """A duration beside the word is not counted."""
    text = "Epoch 0 loss: 3 val_loss: 4\nEpoch took 12 s\nEpoch 1 loss: 2 val_loss: 3\nepoch 9 s\n"
    (run,) = opened(tmp_path, text).runs
    assert run.training.at == (0, 1)


@pytest.mark.parametrize(
    "letters", ["a" * 10**6, "epoch 1" + "1" * 10**6, "loss " * 10**5, " " * 10**6]
)
def test_a_line_without_end_takes_no_time(tmp_path, letters):
    """A hostile line is not searched for minutes."""
    begin = time.process_time()
    with pytest.raises(LogError):
        opened(tmp_path, letters + "\nx")
    assert time.process_time() - begin < 5


def test_prose_is_no_log(tmp_path):
    """Words about losses and epochs are not numbers."""
    with pytest.raises(LogError, match="no known log"):
        opened(tmp_path, "We trained for one epoch.\nThe loss fell, and in epoch two it rose.\n")
