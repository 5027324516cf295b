"""A command: a program that is run once a batch, on files, and whatever becomes of it."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest
import tifffile
import torch

from audit.errors import ModelError, UsageError
from audit.models.command import write
from audit.models.load import load_model
from tests.toys import held, scenes

COPY = "command: cp -r {input}/. {output}"
MASKS = torch.zeros(3, 1, 12, 10)
MASKS[0, 0, 2:5, 2:5] = 1
MASKS[1, 0, 6:9, 2:5] = 1
SCRIPT = """\
import pathlib, sys
import numpy, tifffile
place, left = map(pathlib.Path, sys.argv[1:3])
(pathlib.Path(__file__).parent / "calls").open("a").write("called ")
for file in sorted(place.iterdir()):
    image = tifffile.imread(file)
    numpy.save(left / f"{file.stem}_prob.npy", (image > 140) * numpy.float32(0.9))
    (left / "seen.txt").write_text(f"{image.dtype} {image.shape} {image.max()}")
    (pathlib.Path(__file__).parent / "seen").write_text(f"{image.dtype} {image.shape}")
"""


@pytest.fixture
def script(tmp_path):
    """Return the command of a program that leaves probabilities as NPY."""
    path = tmp_path / "program.py"
    path.write_text(SCRIPT)
    return f"command: {sys.executable} {path} {{input}} {{output}}"


def test_a_batch_is_one_call(script, tmp_path):
    """All images of a batch are in one folder, and each gets its own prediction back."""
    images = torch.stack([torch.from_numpy(one.image()) for one in scenes(3, size=32)])
    found = load_model(script, output="sigmoid").predict(images)

    assert (tmp_path / "calls").read_text().split() == ["called"]
    assert torch.equal(found.labels, (images[:, 0] > 140).long())
    assert found.probabilities[:, 1].max() == pytest.approx(0.9, abs=1e-5)


def test_the_output_is_told(script):
    """What is given need not be declared: the first images say it, in the record too."""
    model = load_model(script)
    model.meet([held("a", np.rint(scenes(1, size=32)[0].image()))])
    assert model.traits.found == {
        "taken": "command",
        "written": "uint8",
        "told": "sigmoid",
        "because": "fractions from 0 to 1",
    }
    assert (model.traits.access, model.traits.probable) == ("live", True)


@pytest.mark.parametrize(
    ("highest", "declared", "expected"),
    [
        (200, None, "uint8"),
        (300, None, "uint16"),
        (200, (0, 4095), "uint16"),
        (0.5, None, "float32"),
    ],
)
def test_images_are_written_in_the_type_of_all_of_them(highest, declared, expected, monkeypatch):
    """One bright image, or the declared range, decides for all; perturbed ones are rounded."""
    from audit.models import command

    seen = []
    write = command.write
    monkeypatch.setattr(
        command, "write", lambda path, image, dtype: seen.append(dtype) or write(path, image, dtype)
    )
    output = "sigmoid" if expected == "float32" else "labels"
    model = load_model(COPY, output=output, range=declared)
    bright = np.zeros((1, 12, 10))
    bright[0, 3, 3] = highest
    model.meet([held("dark", MASKS[0]), held("bright", bright)])
    found = model.predict(MASKS * 0.8)

    assert seen == [expected] * 3
    assert torch.equal(found.labels, MASKS[:, 0].long())


@pytest.mark.parametrize(
    ("image", "dtype", "expected"),
    [
        ([0, 254.6], "uint8", "uint8"),
        ([-9, 270], "uint8", "uint8"),
        ([0, 510], "uint8", "uint16"),
        ([0, 65535.4], "uint16", "uint16"),
        ([0, 257 * 700], "uint16", "float32"),
        ([-0.5, 0.5], "float32", "float32"),
    ],
)
def test_another_gain_is_written_in_a_wider_type(image, dtype, expected, tmp_path):
    """Noise is cut as by a camera; what is brighter by far is kept, as whoever saves it would."""
    write(tmp_path / "a.tif", np.array([image], np.float32), dtype)
    found = tifffile.imread(tmp_path / "a.tif")

    assert found.dtype == expected
    if expected != "float32":
        image = np.rint(image).clip(0, np.iinfo(expected).max)
    assert found[0] == pytest.approx(image)


def test_colours_arrive_as_they_are(script, tmp_path):
    """An image of three channels is written as (Y, X, C)."""
    with pytest.raises(ModelError, match="expected a shape"):
        load_model(script, output="sigmoid").predict(torch.zeros(1, 3, 12, 10))
    assert (tmp_path / "seen").read_text() == "uint8 (12, 10, 3)"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("command: ls {input} {output}", r"ls wrote no TIFF, PNG or NPY for 3 of 3 images"),
        (
            "command: cp {input}/image0001_0000.tif {output}",
            r"for 2 of 3 images \(image0000_0000, image0002_0000",
        ),
        ("command: false {input} {output}", "false ended with exit code 1: it wrote nothing"),
        ("command: cp {input}/absent {output}", "exit code 1: .*cp: .*No such file"),
        ("command: sh -c 'sleep 30' {input} {output}", "was not done in 0.2 s; say --timeout"),
    ],
)
def test_what_becomes_of_a_program_is_told(text, says):
    """Missing files, an exit code with the last line of standard error, and a timeout."""
    started = time.monotonic()
    timeout = 0.2 if "sleep" in text else 600
    with pytest.raises(ModelError, match=says):
        load_model(text, output="labels", timeout_s=timeout).predict(MASKS)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("command: no-such-program-here {input} {output}", ModelError, "no program 'no-such-pro"),
        ("command: cp {input}", UsageError, r"expected \{output\} in it"),
        ("command: ", UsageError, r"expected \{input\} and \{output\}"),
        ("command: cp '{input} {output}", UsageError, "cannot be split into words"),
    ],
)
def test_a_command_is_checked_before_it_is_run(text, error, says):
    """A program that is not there, and a place that is not named, are found at once."""
    with pytest.raises(error, match=says):
        load_model(text)


def test_no_shell_runs_it(tmp_path):
    """What a shell would take for another command is a word like any other."""
    hurt = tmp_path / "hurt"
    with pytest.raises(ModelError, match="exit code"):
        load_model(f"command: ls {{input}} {{output}} ; touch {hurt}", output="labels").predict(
            MASKS
        )
    assert not hurt.exists()


def test_a_card_runs_no_command(tmp_path):
    """A card is a stranger's: its command is run only where the user names it."""
    card = tmp_path / "model.toml"
    card.write_text('command = "cp -r {input}/. {output}"\noutput = "labels"\n')
    with pytest.raises(ModelError, match=r"may not run a command by itself.*--command 'cp"):
        load_model(str(card))
    model = load_model(str(card), command="cp -r {input}/. {output}")
    assert torch.equal(model.predict(MASKS).labels, MASKS[:, 0].long())


def test_a_changed_script_is_another_model(script, tmp_path):
    """The files that a command names are part of its identity, and so are its words."""
    one = load_model(script).traits.digest
    assert load_model(script).traits.digest == one
    assert load_model(f"{script} --more").traits.digest != one
    (tmp_path / "program.py").write_text(f"{SCRIPT}\n# changed")
    assert load_model(script).traits.digest != one
