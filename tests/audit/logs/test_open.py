"""Any log is opened by its path; real ones of every program are read as their files say."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys

import pytest

from audit.errors import LogError
from audit.logs.open import open_log
from tests.audit.logs.written import events

REAL = {
    "keras_dsb2018/history.csv": ("Keras table", [(35, 35)]),
    "keras_dsb2018": ("Keras table", [(35, 35)]),
    "keras_dsb2018/train": ("TensorBoard events", [(35, None)]),
    "keras_histopathology/history.csv": ("table", [(36, 36)]),
    "keras_nuclei/history.csv": ("table", [(100, 100)]),
    "zerocostdl4mic_b_subtilis/training_evaluation.csv": ("ZeroCostDL4Mic table", [(100, 100)]),
    "yolo_microalgae/segment_results.csv": ("YOLO table", [(55, 55)]),
    "yolo_microalgae/detect_results.csv": ("YOLO table", [(300, 300)]),
    "lightning_histocytometry/metrics.csv": ("Lightning table", [(8, None)]),
    "nnunet_scrollshot/training_log_2025_2_7_09_15_05.txt": ("nnU-Net v2 log", [(1000, 1000)]),
    "cellpose_finetune/run.log": ("Cellpose log", [(11, 11)]),
    "stardist_ecoli_dapi": ("TensorBoard events", [(65, 65), (118, 118)]),
}
"""The format of each real log, and the points of training and validation of its runs."""


@pytest.mark.parametrize("name", REAL)
def test_real_logs_are_read(real_data, name):
    """Formats and numbers of points are those that the files show to the eye."""
    path = real_data / "curves" / name
    if not path.exists():
        pytest.skip(f"no {name} among the real data")
    log = open_log(path)
    points = [(len(run.training.at), run.validation and len(run.validation.at)) for run in log.runs]
    assert (log.format, points) == REAL[name]


def test_one_training_by_table_and_by_events(real_data, tmp_path):
    """The same real training gives the same curves from a CSV and from TensorBoard events."""
    folder = real_data / "curves" / "keras_dsb2018"
    if not folder.is_dir():
        pytest.skip("no keras_dsb2018 among the real data")
    (table,) = open_log(folder / "history.csv").runs
    for part in ("train", "validation"):
        (tmp_path / part).mkdir()
        for file in (folder / part).iterdir():
            (tmp_path / part / file.name).write_bytes(file.read_bytes())
    (run,) = open_log(tmp_path).runs
    assert run.training.at == table.training.at
    assert run.training.values == pytest.approx(table.training.values, rel=1e-6)
    assert run.validation.values == pytest.approx(table.validation.values, rel=1e-6)


def test_the_tables_of_networks_are_read(real_data):
    """Every network's training has a loss of both parts, and nothing odd."""
    tables = sorted((real_data / "networks").glob("*/*/training.csv"))
    if not tables:
        pytest.skip("no networks among the real data")
    for table in tables:
        (run,) = open_log(table).runs
        assert run.training.at == run.validation.at
        assert {one.kind for one in run.notices} == {"taken"}
        assert list(run.others) == ["val_iou"]


def test_the_digest_is_of_the_bytes(tmp_path):
    """A file's digest is what sha256sum says."""
    content = b"epoch,loss\n0,1\n1,2\n"
    (tmp_path / "log").write_bytes(content)
    log = open_log(tmp_path / "log")
    assert (log.path, log.digest) == (tmp_path / "log", hashlib.sha256(content).hexdigest())


def test_half_a_training_is_told(tmp_path):
    """Who gives the folder `train` is told that the other part lies beside it."""
    for part in ("train", "validation"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "events.1").write_bytes(events("epoch_loss", [2, 1]))
    for path in (tmp_path / "train", tmp_path / "train" / "events.1"):
        (run,) = open_log(path).runs
        assert any(one.text.endswith("give the folder above `train`") for one in run.notices)
    (run,) = open_log(tmp_path).runs
    assert {one.kind for one in run.notices} == {"taken"}


def test_a_key_that_is_none_is_refused(tmp_path):
    """Only train, val, rate and epoch are mapped."""
    with pytest.raises(LogError, match="did you mean 'train'"):
        open_log(tmp_path, {"trian": "loss"})


def tried(path):
    """Return the trainings of a log, or why it is refused."""
    try:
        return open_log(path).runs, None
    except LogError as error:
        return (), str(error)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_logs_end_in_a_log_or_in_one_line(tmp_path, seed):
    """However bytes are damaged, curves rise and are as long as their values, or it is refused."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    sources = [
        b"epoch,loss,val_loss\n" + b"".join(b"%d,0.5,0.25\n" % n for n in range(40)),
        b'{"loss": [3, 2, 1], "val_loss": [4, 3, 2]}',
        b"".join(b'{"step": %d, "loss": 0.5}\n' % n for n in range(20)),
        b"".join(b"Epoch %d loss: 0.5 val_loss: 0.25\n" % n for n in range(20)),
        events("loss", [3, 2, 1]),
    ]
    inserts = [b",", b"\n", b"nan", b"\0", b'"', b";", b"-", b"{", b"1e999", b"\xff\xfe", b"\r"]
    opened = 0
    for _ in range(60):
        content = bytearray(chance.choice(sources))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(content))
            content[at : at + chance.choice([0, 0, 1, 9])] = chance.choice(inserts)
        (tmp_path / "log").write_bytes(content)
        runs, refused = tried(tmp_path / "log")
        assert refused is None or refused.startswith(str(tmp_path / "log"))
        assert refused is None or "\n" not in refused
        opened += refused is None
        for run in runs:
            assert run.training or run.validation
            for curve in (run.training, run.validation, run.rate, *run.others.values()):
                if curve:
                    assert len(curve.at) == len(curve.values) > 0
                    assert all(
                        one < later for one, later in zip(curve.at, curve.at[1:], strict=False)
                    )
    assert opened


def test_reading_a_log_imports_no_torch():
    """A curve is judged in a moment, so nothing heavy is imported for it."""
    code = "import sys, audit.logs.open; print({'torch', 'numpy', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
