"""A folder is searched for logs, and the best way in which it was logged is read."""

from __future__ import annotations

import pickle

import pytest

from audit.errors import LogError
from audit.logs.open import open_log
from tests.audit.logs.written import events

TABLE = "epoch,loss,val_loss\n0,3,4\n1,2,3\n"


def write(folder, files):
    """Write the files of a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def test_versions_are_trainings_in_the_order_of_their_numbers(tmp_path):
    """Lightning and CAREamics begin a folder for each training."""
    write(tmp_path, {f"csv_logs/model/version_{n}/metrics.csv": TABLE for n in (0, 2, 10)})
    runs = open_log(tmp_path).runs
    assert [run.name for run in runs] == [
        f"csv_logs/model/version_{n}/metrics.csv" for n in (0, 2, 10)
    ]
    assert all("one of 3" in run.notices[-1].text for run in runs)


def test_one_training_logged_twice_is_read_once(tmp_path):
    """A table wins over events of the same folder, and what was not read is named."""
    write(tmp_path, {"csv/metrics.csv": TABLE, "tb/events.1": events("loss", [9, 8])})
    log = open_log(tmp_path)
    (run,) = log.runs
    assert (log.format, run.training.values) == ("Keras table", (3, 2))
    assert "tb/events.1" in next(one.text for one in run.notices if one.kind == "left out")


def test_what_lies_beside_a_log_is_passed_over(tmp_path):
    """A model's folder: settings, weights, scores, pictures and hidden files."""
    write(
        tmp_path,
        {
            "config.json": '{"train_loss_weights": [1, 0.2], "n_rays": 32}',
            "weights_best.h5": b"\x89HDF\r\n\x1a\n" + bytes(99),
            "Quality Control/training_evaluation.csv": "loss,val_loss,learning rate\n3,4,1\n",
            "Quality Control/QC_metrics.csv": "image,precision\na.tif,0.5\n",
            "history.pkl": pickle.dumps({"loss": [1]}),
            ".cache/metrics.csv": TABLE,
            "README.md": "# A model\n",
            "empty.csv": "",
        },
    )
    log = open_log(tmp_path)
    assert log.format == "ZeroCostDL4Mic table"
    assert [run.name for run in log.runs] == ["Quality Control/training_evaluation.csv"]


def test_the_digest_is_of_the_files_that_were_read(tmp_path):
    """Another value changes it; a file beside them does not."""
    write(tmp_path, {"a.csv": TABLE, "b.csv": TABLE})
    first = open_log(tmp_path).digest
    (tmp_path / "notes.txt").write_text("nothing")
    assert open_log(tmp_path).digest == first
    (tmp_path / "b.csv").write_text(TABLE.replace("4", "5"))
    assert open_log(tmp_path).digest != first


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "no training log"),
        ({"history.pkl": pickle.dumps({"loss": [1]})}, "history.pkl is a pickle.*json.dump"),
        ({"scores.csv": "epoch,accuracy\n0,.5\n1,.6\n"}, "scores.csv: no column is a loss.*--map"),
    ],
)
def test_a_folder_without_a_log_is_refused(tmp_path, files, reason):
    """The error says what was found instead, and the remedy."""
    write(tmp_path, files)
    with pytest.raises(LogError, match=reason):
        open_log(tmp_path)


def test_a_map_reaches_into_a_folder(tmp_path):
    """Scores that the user names are taken; tables without them are passed over."""
    write(tmp_path, {"a.csv": "epoch,score\n0,.5\n1,.6\n", "b.csv": TABLE})
    (run,) = open_log(tmp_path, {"train": "score"}).runs
    assert run.training.values == (0.5, 0.6)


def test_a_folder_is_read_from_within(tmp_path, monkeypatch):
    """A folder is read from within as from without."""
    write(tmp_path, {"run/train/events.1": events("epoch_loss", [2, 1])})
    monkeypatch.chdir(tmp_path / "run")
    (run,) = open_log(".").runs
    assert run.name == "run"
