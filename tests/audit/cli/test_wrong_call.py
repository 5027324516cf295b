"""What a wrong call gets: one line with the remedy, before anything is measured."""

from __future__ import annotations

import os

import numpy as np
import pytest
import tifffile

from tests.audit.cli.asked import PASSING


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--model", "absent.pt"), 2, "no such model"),
        (("--test", "absent"), 2, "no such folder"),
        (("--group", "("), 2, "mend the expression"),
        (("--group", "donor"), 2, "images ("),
        (("--probes", "shft"), 2, "did you mean 'shift'?"),
        (("--set", "shift.noise.foton=3"), 2, "did you mean 'photons'?"),
        (("--set", "shift.noise.photons=dark"), 2, "expected like (1000.0"),
        (("--weights", "absent.safetensors"), 2, "no such weight file"),
        (("--output", "softmx"), 2, "output"),
        (("--shard", "3/3"), 2, "expected I/N"),
        (("--device", "cuda"), 2, "no CUDA device"),
        (("--device", "tpu"), 2, "use cpu"),
        (("--set", "shift.defocus.sigma_um=-1"), 2, "expected above 0"),
        (("--probes", "pipeline", "--set", "shift.noise.photons=3"), 2, "not among the probes"),
        (("--reference", "train"), 2, "--train"),
        (("--policy", "absent.toml"), 2, "absent.toml: no such file"),
    ],
)
def test_a_wrong_call_is_one_line_with_the_remedy(
    bioaudit, network, images, tmp_path, monkeypatch, words, code, says
):
    """A user's mistake ends at once, with its exit code and a line that says what to do."""
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    found = bioaudit("run", "--model", network, "--test", images, "--out", tmp_path / "o", *words)

    assert found[0] == code
    assert says in found[2]
    assert len(found[2].strip().splitlines()) == 1
    assert "Traceback" not in found[2]


def test_a_policy_with_a_typo_is_refused_before_the_audit(bioaudit, network, images, tmp_path):
    """An unknown key, and a rule on an unknown probe, cost no audit and name the near word."""
    typo = tmp_path / "typo.toml"
    for wrong, near in (
        (PASSING.replace("at_least", "at_lest"), "at_least"),
        (PASSING.replace("pipeline.score", "pipeline.scor"), "pipeline.score"),
    ):
        typo.write_text(wrong)
        code, _, error = bioaudit(
            "run", "--model", network, "--test", images, "--policy", typo, "--out", tmp_path / "o"
        )

        assert code == 2
        assert f"did you mean '{near}'?" in error
    assert not (tmp_path / "o").exists()


def test_masks_of_classes_that_the_model_lacks_are_refused(bioaudit, network, images, tmp_path):
    """Eight masks of twelve hold class 2: the set is refused before anything is measured."""
    for number in range(8):
        path = images / "masks" / f"a{number}.tif"
        mask = np.zeros((48, 40), np.uint16)
        mask[2:20:6, 2:20:6] = 1
        mask[24:44:6, 24:38:6] = 2
        tifffile.imwrite(path, mask)
    for number in range(8, 12):
        path = images / "masks" / f"a{number}.tif"
        tifffile.imwrite(path, np.minimum(tifffile.imread(path), 1))
    out = tmp_path / "out"

    code, shown, error = bioaudit("run", "--model", network, "--test", images, "--out", out)

    assert (code, shown, out.exists()) == (2, "", False)
    (line,) = error.splitlines()
    assert "8 of 12 masks (data/a0, data/a1, data/a2 and 5 more) hold class 2" in line
    assert "say --classes where it has more, --labels instances" in line


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('model = "os:system"', "say --model os:system"),
        ('model = "../net.py:build"', "say --model ../net.py:build"),
        ('model = "m"\nreference = "m,os:system"', "say --reference os:system"),
        ('model = "m"\nnetwork = "os:system"', "or is said as --network"),
        ('model = "m"\n[card]\nnetwork = "os:system"', "or is said as --network"),
    ],
)
def test_a_specification_names_no_code_outside_of_its_folder(bioaudit, tmp_path, lines, says):
    """A specification is a stranger's as a card is: the line names what it may not."""
    (tmp_path / "net.py").write_text("raise SystemExit('was imported')")
    spec = tmp_path / "own" / "audit.toml"
    spec.parent.mkdir()
    spec.write_text(lines)

    code, _, error = bioaudit("run", spec, "--test", "simulated:2k-10")

    assert code == 2
    assert says in error
    assert len(error.strip().splitlines()) == 1


@pytest.fixture
def pipe(tmp_path):
    """Return a pipe that nobody writes to."""
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    return path


@pytest.fixture
def nested(tmp_path):
    """Return a TOML file with brackets 20,000 deep."""
    path = tmp_path / "nested.toml"
    path.write_text(f"model = {'[' * 20_000}")
    return path


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["pipe", "nested"])
@pytest.mark.parametrize(
    "words",
    ["run {}", "run --policy {}", "run --model {}", "judge --policy {}", "train --recipe {}"],
)
def test_what_cannot_be_read_is_refused_at_once(
    bioaudit, network, images, tmp_path, request, kind, words
):
    """A pipe is never waited for, and brackets too deep to read are one line."""
    path = request.getfixturevalue(kind)
    verb, *options = words.format(path).split()
    needed = {
        "run": ("--model", network, "--test", images, "--out", tmp_path / "o"),
        "judge": (tmp_path / "o",),
        "train": (images, "--out", tmp_path / "o"),
    }[verb]

    code, _, error = bioaudit(verb, *needed, *options)

    assert code == 2
    assert ("no such model" in error or "regular file" in error) is (kind == "pipe")
    assert ("nested too deep" in error) is (kind == "nested")
    assert len(error.strip().splitlines()) == 1
    assert len(error) < 400


@pytest.mark.parametrize("value", ["[" * 20_000, "[" * 900 + "]" * 900, "x" * 100_000])
def test_a_setting_that_is_none_is_a_short_line(bioaudit, network, images, tmp_path, value):
    """Brackets too deep to read, or a long text, are said in one line that a terminal can show."""
    code, _, error = bioaudit(
        "run", "--model", network, "--test", images, "--out", tmp_path / "o",
        "--probes", "shift.noise", "--set", f"shift.noise.photons={value}",
    )  # fmt: skip

    assert code == 2
    assert "shift.noise.photons: expected like" in error
    assert len(error) < 400


def test_a_network_without_its_weights_is_refused(bioaudit, images, tmp_path):
    """A network that would run on random weights is no model."""
    (tmp_path / "net.py").write_text(
        "import torch\ndef build():\n    return torch.nn.Conv2d(1, 2, 1)"
    )

    code, _, error = bioaudit("run", "--model", f"{tmp_path}/net.py:build", "--test", images)

    assert code == 2
    assert "say --weights" in error


def test_the_truth_of_a_sequence_is_not_taken_for_images(bioaudit, tmp_path):
    """02_GT holds masks: the error names the sequence that was meant."""
    (tmp_path / "02_GT" / "SEG").mkdir(parents=True)

    code, _, error = bioaudit("data", "inspect", tmp_path / "02_GT")

    assert code == 2
    assert "did you mean" in error
    assert error.strip().endswith("/02?")


def test_training_for_no_epoch_is_a_wrong_call(bioaudit, tmp_path):
    """Zero epochs are refused, not taken for the recipe's forty."""
    code, _, error = bioaudit(
        "train", "simulated:2k-10", "--epochs", 0, "--out", tmp_path / "network"
    )

    assert code == 2
    assert "epochs" in error
