"""`bioaudit run` on what is no torch module: what is told is said, and what is not given too."""

from __future__ import annotations

import json
import sqlite3
import sys

import numpy as np
import pytest
import tifffile

from audit.record.record import Record

SEGMENT = """\
from scipy.ndimage import gaussian_filter, label


def segment(image):
    return label(gaussian_filter(image, 1) > 125)[0]
"""
PROGRAM = """\
import pathlib, sys
import tifffile
for file in pathlib.Path(sys.argv[1]).iterdir():
    image = tifffile.imread(file).astype("float32")
    tifffile.imwrite(f"{sys.argv[2]}/{file.stem}.tif", (image / 250).clip(0, 1))
"""


def kept(out):
    """Return what the record in a folder says of the audit."""
    with Record(out / "record.sqlite", readonly=True) as record:
        return record.provenance()


@pytest.fixture
def audited(bioaudit, images, policy, tmp_path, monkeypatch):
    """Return a function that audits a model on the folder of images."""
    monkeypatch.chdir(tmp_path)

    def call(*words, probes="pipeline.score,shift.noise"):
        asked = ("--test", images, "--policy", policy, "--out", "out", "--limit", 3)
        return bioaudit("run", *words, *asked, "--probes", probes)

    return call


def test_a_function_is_audited(audited, tmp_path):
    """A Cellpose-like function comes in by its name; what was told is said, and in the record."""
    (tmp_path / "cells.py").write_text(SEGMENT)
    code, shown, told = audited("--model", "cells.py:segment")

    assert code == 0
    assert "a function of an image, by its parameter `image`" in told
    assert "its output is objects, one number each" in shown
    assert kept(tmp_path / "out")["found"]["told"] == "objects"
    assert kept(tmp_path / "out")["access"] == "live"


def test_a_declared_output_is_not_told_again(audited, tmp_path):
    """What was declared is not guessed at, and the same model declared is another audit."""
    (tmp_path / "cells.py").write_text(SEGMENT)
    code, shown, told = audited(
        "--model", "cells.py:segment", "--as", "callable", "--output", "objects"
    )
    assert code == 0
    assert "say --" not in shown.replace("say --group", "")
    assert "function of an image" not in told
    code, _, told = audited("--model", "cells.py:segment")
    assert code == 2
    assert "choose another --out" in told


def test_a_command_is_audited(audited, tmp_path):
    """A program comes in by its call, and the record tells nobody in which folder it lies."""
    (tmp_path / "program.py").write_text(PROGRAM)
    command = f"command: {sys.executable} {tmp_path / 'program.py'} {{input}} {{output}}"
    code, shown, told = audited("--model", command)

    assert code == 0, told
    assert "shown TIFF files of uint" in shown
    assert "the probability of the foreground" in shown
    found = kept(tmp_path / "out")
    assert found["model"].endswith("program.py {input} {output}")
    assert str(tmp_path) not in json.dumps({k: v for k, v in found.items() if k != "command"})


def test_recorded_predictions_are_audited(audited, images, tmp_path):
    """A folder is enough; what would perturb an image is named as not judged."""
    (tmp_path / "predictions").mkdir()
    for path in (images / "masks").iterdir():
        found = (tifffile.imread(path) > 0).astype(np.uint8)
        tifffile.imwrite(tmp_path / "predictions" / f"{path.stem}_pred.tif", found * 255)
    code, shown, told = audited("--model", "predictions")

    assert code == 0, told
    assert "recorded predictions for 3 images" in shown
    assert "IoU 1 in 3" in shown
    with sqlite3.connect(tmp_path / "out" / "record.sqlite") as record:
        query = "select distinct status, reason from units where probe = 'shift.noise'"
        ((status, reason),) = record.execute(query).fetchall()
    assert status == "skipped"
    assert reason.startswith("predictions were recorded")


def test_recorded_predictions_are_a_format_of_a_network(audited, network, images, tmp_path):
    """What was recorded elsewhere is compared with the network; its own numbers say what it is."""
    (tmp_path / "predictions").mkdir()
    for path in (images / "masks").iterdir():
        found = (tifffile.imread(path) > 0).astype(np.uint8)
        tifffile.imwrite(tmp_path / "predictions" / path.name, found)
    words = ("--model", network, "--output", "logits", "--format", "predictions")
    code, _, told = audited(*words, probes="pipeline.score,pipeline.formats")

    assert code == 0, told
    with sqlite3.connect(tmp_path / "out" / "record.sqlite") as record:
        query = "select distinct status from units where probe = 'pipeline.formats'"
        assert record.execute(query).fetchall() == [("done",)]


def test_what_is_ambiguous_ends_before_the_audit(audited, tmp_path):
    """Numbers that could be several things are refused in one line, and nothing is measured."""
    (tmp_path / "odd.py").write_text("def segment(image):\n    return image - image.mean()\n")
    code, _, told = audited("--model", "odd.py:segment")
    assert code == 2
    assert "are neither labels nor probabilities; say what it gives: --output" in told
    assert len(told.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_keras_model_shows_the_lines(audited, tmp_path):
    """The refusal is one line, and below it stands what makes a function of the model."""
    (tmp_path / "unet.h5").touch()
    code, _, told = audited("--model", "unet.h5")
    assert code == 2
    first, *lines = told.splitlines()
    assert first.startswith("bioaudit: unet.h5: a Keras or TensorFlow model")
    assert "  def segment(image):" in "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        'model = "command: cp -r {input}/. {output}"',
        'model = "net"\ncommand = "cp -r {input}/. {output}"',
        'model = "net"\n[card]\ncommand = "cp -r {input}/. {output}"',
        'model = "net"\nformat = "command: cp -r {input}/. {output}"',
    ],
)
def test_a_specification_runs_no_command(bioaudit, images, tmp_path, line):
    """A specification may be a stranger's: a file of that name beside it changes nothing."""
    (tmp_path / "command").touch()
    test = f'test = "{images}"\n'
    spec = tmp_path / "audit.toml"
    spec.write_text(test + line)
    code, _, told = bioaudit("run", spec)
    assert code == 2
    assert "a specification may not run a command" in told
