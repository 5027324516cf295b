"""Event files that belong to one training become one, and others stay apart."""

from __future__ import annotations

import time
from pathlib import PurePath

import pytest

from audit.logs.open import open_log
from audit.logs.tensorboard import gathered
from audit.logs.tfrecord import masked_crc
from tests.audit.logs import written
from tests.audit.logs.written import event, events, restart, simple, tensor, version


def write(folder, files):
    """Write the files of a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_train_and_validation_folders_are_one_training(tmp_path):
    """Keras and StarDist: two folders, tags of the same name, tensors, epochs."""
    files = {
        "train/events.1": events("epoch_loss", [3, 2, 1], write=tensor),
        "validation/events.2": events("epoch_loss", [4, 3, 2], time=1.5, write=tensor),
    }
    write(tmp_path, files)
    (run,) = open_log(tmp_path).runs
    assert run.counts == "epoch"
    assert (run.training.values, run.validation.values) == ((3, 2, 1), (4, 3, 2))
    assert run.validation.source == "validation/epoch_loss"


def test_add_scalars_is_one_training(tmp_path):
    """PyTorch writes each curve of `add_scalars` to a folder below the writer's own."""
    files = {
        "events.0": events("lr", [0.1, 0.1]),
        "loss_train/events.1": events("loss", [2, 1]),
        "loss_val/events.2": events("loss", [3, 2]),
    }
    write(tmp_path, files)
    (run,) = open_log(tmp_path).runs
    assert (run.training.values, run.validation.values) == ((2, 1), (3, 2))
    assert run.rate.source == "lr"
    assert run.counts == "step"


def test_other_folders_are_other_trainings(tmp_path):
    """Runs beside one another stay apart, in the order of their numbers."""
    names = ("version_2/events.1", "version_10/events.1")
    write(tmp_path, {name: events("train_loss", [2, 1]) for name in names})
    runs = open_log(tmp_path).runs
    assert [run.name for run in runs] == [f"{tmp_path.name}: version_{n}" for n in (2, 10)]
    assert all("several" in {one.kind for one in run.notices} for run in runs)


def test_files_of_one_folder_follow_one_another():
    """A resumed training writes another file; the steps it repeats keep their last value."""
    files = {
        PurePath("events.1"): events("loss", [9, 8, 7, 6]),
        PurePath("events.2"): events("loss", [70, 60, 50], start=2, time=50),
    }
    (sheet,) = gathered(files)
    steps = [(row["step"], row["loss"]) for row in sheet.rows]
    assert steps == [(0, 9), (1, 8), (2, 7), (3, 6), (2, 70), (3, 60), (4, 50)]


def test_a_restart_makes_later_steps_void(tmp_path):
    """A writer with `purge_step` voids what had been written from there on."""
    content = (
        events("loss", [5, 4, 3, 2]) + restart(1, time=10) + event(1, simple("loss", 9), time=11)
    )
    (tmp_path / "log").write_bytes(content)
    (run,) = open_log(tmp_path / "log").runs
    assert (run.training.at, run.training.values) == ((0, 1), (5, 9))
    assert any("3 values" in one.text for one in run.notices if one.kind == "resumed")


def test_a_copy_of_a_growing_file_is_left_out(tmp_path):
    """A file that is the start of another is not another training."""
    whole = events("loss", [5, 4, 3, 2])
    write(tmp_path, {"events.1": whole, "events.1.early": whole[:-70], "events.1.same": whole})
    (run,) = open_log(tmp_path).runs
    assert run.training.values == (5, 4, 3, 2)
    assert [one.kind for one in run.notices].count("left out") == 2


def test_a_cut_tail_is_tolerated_and_told(tmp_path):
    """A training that crashed while writing is read up to there."""
    (tmp_path / "log").write_bytes(events("loss", [5, 4, 3, 2])[:-9])
    (run,) = open_log(tmp_path / "log").runs
    assert run.training.values == (5, 4, 3)
    assert "truncated" in {one.kind for one in run.notices}


def test_plantseg_counts_iterations(tmp_path):
    """pytorch-3dunet: `train_loss_avg` and `val_loss_avg` along iterations, at their own places."""
    content = version()
    for step in (100, 200, 300):
        content += event(step, simple("train_loss_avg", 1 / step), time=step)
        content += event(step, simple("train_eval_score_avg", 0.5), time=step)
    content += event(300, simple("val_loss_avg", 0.25), time=301)
    (tmp_path / "log").write_bytes(content)
    (run,) = open_log(tmp_path / "log").runs
    assert run.counts == "step"
    assert (run.training.at, run.validation.at) == ((100, 200, 300), (300,))
    assert list(run.others) == ["train_eval_score_avg"]


def test_no_point_is_dropped_and_reading_is_fast(tmp_path, monkeypatch):
    """Twelve thousand points are all kept, in well under a second of the processor."""
    # The bitwise checksum is slow, and proved equal elsewhere.
    monkeypatch.setattr(written, "masked", masked_crc)
    (tmp_path / "log").write_bytes(events("loss", range(12_000)))
    begin = time.process_time()
    (run,) = open_log(tmp_path / "log").runs
    assert time.process_time() - begin < 1
    assert run.training.values == tuple(range(12_000))


def test_tensorboard_itself_reads_the_same(tmp_path, real_data):
    """Steps and values of every tag are those of TensorBoard's own reader."""
    accumulator = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator",
        reason="TensorBoard is not installed",
    )
    tensors = pytest.importorskip("tensorboard.util.tensor_util")
    files = sorted((real_data / "curves").glob("*/*/*tfevents*"))
    if not files:
        pytest.skip("no event files among the real data")
    (tmp_path / "events.out.tfevents.1").write_bytes(
        events("loss", [3, 2, 1]) + event(3, tensor("double", 0.1, "<d"))
    )
    for file in [*files, tmp_path / "events.out.tfevents.1"]:
        theirs = accumulator.EventAccumulator(str(file), size_guidance={"scalars": 0, "tensors": 0})
        theirs.Reload()
        expected = {
            tag: [(one.step, one.value) for one in theirs.Scalars(tag)]
            for tag in theirs.Tags()["scalars"]
        }
        for tag in theirs.Tags()["tensors"]:
            found = [
                (one.step, tensors.make_ndarray(one.tensor_proto)) for one in theirs.Tensors(tag)
            ]
            if all(value.shape == () and value.dtype.kind == "f" for _, value in found):
                expected[tag] = [(step, float(value)) for step, value in found]
        (sheet,) = gathered({PurePath("log"): file.read_bytes()})
        ours = {
            tag: [(row.get("step", row.get("epoch")), row[tag]) for row in sheet.rows if tag in row]
            for tag in sheet.columns
            if tag not in ("step", "epoch")
        }
        assert ours == expected
