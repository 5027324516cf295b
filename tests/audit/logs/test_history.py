"""JSON histories of every program are read."""

from __future__ import annotations

import json
import math

import pytest

from audit.errors import LogError
from audit.logs.open import open_log


@pytest.fixture
def opened(tmp_path):
    """Return the function that writes text, or a value as JSON, and opens it."""

    def read(value):
        text = value if isinstance(value, str) else json.dumps(value)
        (tmp_path / "log").write_text(text)
        return open_log(tmp_path / "log")

    return read


@pytest.mark.parametrize("rate", ["lr", "learning_rate"])
@pytest.mark.parametrize("wrapped", [False, True])
def test_keras(opened, rate, wrapped):
    """Lists by name, of Keras 2 and 3, alone or below `history`."""
    history = {"loss": [3, 2], "val_loss": [4, 3], rate: [0.1, 0.1]}
    log = opened({"history": history, "params": {}} if wrapped else history)
    (run,) = log.runs
    assert log.format == "Keras history"
    assert (run.training.values, run.validation.values) == ((3, 2), (4, 3))
    assert run.rate.source == rate


def test_keras_with_rare_validation(opened):
    """`validation_freq=2` measures at the ends of the second and fourth epoch."""
    (run,) = opened({"loss": [5, 4, 3, 2], "val_loss": [6, 5]}).runs
    assert (run.validation.at, run.validation.values) == ((1, 3), (6, 5))


def test_lists_that_fit_nowhere_are_left_out(opened):
    """Where three values belong among four epochs is unknown."""
    (run,) = opened({"loss": [5, 4, 3, 2], "val_loss": [6, 5, 4]}).runs
    assert run.validation is None
    assert any("unknown" in one.text for one in run.notices if one.kind == "left out")


def test_pandas(opened):
    """Columns of numbers by row, as `to_json` writes them."""
    (run,) = opened({"loss": {"0": 3.0, "1": 2.0}, "val_loss": {"0": 4.0, "1": None}}).runs
    assert (run.training.values, run.validation.values) == ((3, 2), (4,))


def test_hugging_face(opened):
    """Training and evaluation stand in rows of their own; means at the end are no step."""
    rows = [
        {"epoch": 0.5, "loss": 3.0, "learning_rate": 0.1, "step": 10},
        {"epoch": 1.0, "loss": 2.0, "learning_rate": 0.1, "step": 20},
        {"epoch": 1.0, "eval_loss": 2.5, "eval_runtime": 3.0, "step": 20},
        {"epoch": 1.0, "train_loss": 2.6, "train_runtime": 9.0, "step": 20},
    ]
    log = opened({"best_metric": None, "global_step": 20, "log_history": rows})
    (run,) = log.runs
    assert log.format == "Hugging Face trainer state"
    assert run.counts == "step"
    assert (run.training.at, run.training.values) == ((10, 20), (3, 2))
    assert (run.validation.at, run.validation.values) == ((20,), (2.5,))


def test_wandb_lines(opened):
    """One object a line, NaN as text, objects inside."""
    rows = [
        {"_step": 0, "_runtime": 1, "train": {"loss": 3.0}, "val": {"loss": 4.0}},
        {"_step": 1, "_runtime": 2, "train": {"loss": "NaN"}, "val": {"loss": "Infinity"}},
    ]
    log = opened("\n".join(map(json.dumps, rows)))
    (run,) = log.runs
    assert log.format == "W&B history"
    assert run.training.source == "train/loss"
    assert math.isnan(run.training.values[1])
    assert run.validation.values == (4, math.inf)


def test_a_line_that_breaks_off_is_left_out(opened):
    """A training that was killed while writing."""
    (run,) = opened('{"step": 0, "loss": 3}\n{"step": 1, "loss": 2}\n{"step": 2, "lo').runs
    assert run.training.values == (3, 2)
    assert "truncated" in {one.kind for one in run.notices}


def test_bare_nan_is_kept(opened):
    """Python writes NaN as no JSON should, and it is a finding."""
    (run,) = opened('{"loss": [1, NaN, Infinity], "val_loss": [1, 2, 1e999]}').runs
    assert math.isnan(run.training.values[1])
    assert run.validation.values[2] == math.inf


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 100_000, "no valid JSON"),
        ('{"loss": [1, 2,]}', "no valid JSON"),
        ('{"loss": 1}', "no history"),
        ('{"train_loss_weights": [1, 0.2], "grid": [2, 2]}', "no column is a loss"),
        ('{"accuracy": [0.1, 0.2]}', "no column is a loss"),
        ("[]", "no number was logged"),
        ('{"loss": []}', "no history"),
        ('{"loss": [true, false]}', "no history"),
        ('{"loss": 1}\n{"loss": \n{"loss": 3}', "line 2 is no valid JSON"),
    ],
)
def test_other_json_is_refused(opened, text, reason):
    """However deep or odd, with the reason and never with a crash."""
    with pytest.raises(LogError, match=rf"log: .*{reason}"):
        opened(text)


def test_numbers_too_large_are_infinite(opened):
    """JSON has integers that no float holds."""
    (run,) = opened('{"loss": [1, 1' + "0" * 400 + "]}").runs
    assert run.training.values == (1, math.inf)
