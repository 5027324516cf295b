"""MLflow's folders are read, each training apart."""

from __future__ import annotations

import pytest

from audit.errors import LogError
from audit.logs.open import open_log


@pytest.fixture
def store(tmp_path):
    """Return a store of two trainings in one experiment."""
    for run, loss in (("aa", 3), ("bb", 5)):
        metrics = tmp_path / "mlruns" / "0" / run / "metrics"
        (metrics / "val").mkdir(parents=True)
        (metrics.parent / "meta.yaml").write_text(f"run_id: {run}\n")
        (metrics / "train_loss").write_text(f"1000 {loss} 0\n2000 {loss - 1} 1\n")
        (metrics / "val" / "loss").write_text("1001 4.5 0\n2001 nan 1\n")
    return tmp_path / "mlruns"


def test_every_training_of_a_store(store):
    """A key with a slash is a folder, and not a number is kept."""
    log = open_log(store)
    assert log.format == "MLflow store"
    assert [run.name for run in log.runs] == ["mlruns: 0/aa", "mlruns: 0/bb"]
    assert [run.training.values for run in log.runs] == [(3, 2), (5, 4)]
    assert {run.validation.source for run in log.runs} == {"val/loss"}
    assert all("not finite" in {one.kind for one in run.notices} for run in log.runs)


@pytest.mark.parametrize("part", ["0/aa", "0/aa/metrics"])
def test_one_training_of_a_store(store, part):
    """A training's own folder is enough."""
    (run,) = open_log(store / part).runs
    assert run.training.values == (3, 2)


def test_values_without_steps_are_counted(store):
    """Who logs without a step logs at 0, or in the first MLflow nowhere."""
    metrics = store / "0" / "aa" / "metrics"
    (metrics / "train_loss").write_text("1000 3 0\n2000 2 0\n3000 1 0\n")
    (metrics / "val" / "loss").write_text("1000 3\n2000 2\n3000 1\n")
    (run,) = open_log(store / "0" / "aa").runs
    assert (run.training.at, run.validation.at) == ((0, 1, 2), (0, 1, 2))


def test_lines_that_are_none_are_refused(store):
    """A damaged quantity is named."""
    (store / "0" / "aa" / "metrics" / "train_loss").write_text("1000 3 0\nrubbish\n")
    with pytest.raises(LogError, match="train_loss"):
        open_log(store)
