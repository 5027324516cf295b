"""`bioaudit run`: from a model and a set of images to a verdict, and what bad input gets."""

from __future__ import annotations

import json
import sqlite3
import struct
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import tifffile

PASSING = """
format = 1
name = "anything"
[[rule]]
name = "measured"
what = "the mean foreground IoU"
probe = "pipeline.score"
metric = "iou"
at_least = 0.0
why = "Any measurement at all is inside this bound."
"""


@pytest.fixture
def policy(tmp_path):
    """Return a policy that any measured model passes."""
    path = tmp_path / "policy.toml"
    path.write_text(PASSING)
    return path


@pytest.fixture
def images(tmp_path):
    """Return a folder of twelve images with masks."""
    random = np.random.default_rng(0)
    for kind in ("images", "masks"):
        (tmp_path / "data" / kind).mkdir(parents=True)
    for index in range(12):
        mask = np.zeros((48, 40), np.uint16)
        mask[10:30, 8 : 20 + index] = 1
        mask[34:44, 25:38] = 2
        image = (100 + 50 * (mask > 0) + random.normal(0, 5, mask.shape)).astype(np.uint16)
        tifffile.imwrite(tmp_path / "data" / "images" / f"a{index}.tif", image)
        tifffile.imwrite(tmp_path / "data" / "masks" / f"a{index}.tif", mask)
    return tmp_path / "data"


def count(record, query):
    """Return one number from a record."""
    with sqlite3.connect(record) as database:
        return database.execute(query).fetchone()[0]


def test_a_run_leaves_a_record_a_report_and_a_verdict(bioaudit, network, images, policy, tmp_path):
    """Measure, judge and show end to end; the exit code is the verdict's."""
    out = tmp_path / "out"
    code, shown, _ = bioaudit(
        "run", "--model", network, "--test", images, "--policy", policy, "--out", out
    )

    assert code == 0
    assert "PASS" in shown
    assert "<script" not in (out / "report.html").read_text()
    assert count(out / "record.sqlite", "select count(*) from units where status = 'done'") > 12


def test_the_same_command_again_measures_nothing_again(bioaudit, network, images, policy, tmp_path):
    """A finished audit is only judged and shown again."""
    words = (
        "run",
        "--model",
        network,
        "--test",
        images,
        "--policy",
        policy,
        "--out",
        tmp_path / "o",
    )
    bioaudit(*words, "--probes", "pipeline")
    before = count(tmp_path / "o" / "record.sqlite", "select sum(seconds) from units")
    bioaudit(*words, "--probes", "pipeline")

    assert count(tmp_path / "o" / "record.sqlite", "select sum(seconds) from units") == before


def test_a_specification_says_what_the_line_would(bioaudit, network, images, policy, tmp_path):
    """A TOML file holds the same options; its paths are relative to its own folder."""
    spec = tmp_path / "audit.toml"
    spec.write_text(
        f'model = "network"\ntest = "data"\nprobes = "shift.noise"\nout = "{tmp_path / "out"}"\n'
        'policy = "policy.toml"\n[set]\n"shift.noise.photons" = [50.0]\n'
    )
    bioaudit("run", spec)

    record = tmp_path / "out" / "record.sqlite"
    assert count(record, "select count(distinct at) from measurements where metric = 'iou'") == 1


def test_a_record_is_judged_compared_and_exported_without_the_model(
    bioaudit, network, images, policy, tmp_path
):
    """judge, compare and report need the record alone."""
    out = tmp_path / "out"
    bioaudit("run", "--model", network, "--test", images, "--probes", "pipeline", "--out", out)
    exported = (tmp_path / "outcomes.json", tmp_path / "junit.xml")

    judged = bioaudit(
        "judge", out, "--policy", policy, "--json", exported[0], "--junit", exported[1]
    )
    compared = bioaudit("compare", out, out)

    assert judged[0] == 0
    assert json.loads(exported[0].read_text())
    assert ET.parse(exported[1]).getroot().tag == "testsuites"  # noqa: S314 (our own file)
    assert compared[0] == 0
    assert "same" in compared[1]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--model", "absent.pt"), 3, "no such model"),
        (("--test", "absent"), 2, "no such folder"),
        (("--probes", "shft"), 2, "did you mean 'shift'?"),
        (("--set", "shift.noise.foton=3"), 2, "did you mean 'photons'?"),
        (("--set", "shift.noise.photons=dark"), 2, "expected like (1000.0"),
        (("--weights", "absent.safetensors"), 3, "no such weight file"),
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


def test_unpaired_images_are_named_and_nothing_is_paired_by_order(bioaudit, network, images):
    """A mask without an image, or an image without a mask, is an error that names the file."""
    (images / "masks" / "a3.tif").rename(images / "masks" / "b3.tif")

    code, _, error = bioaudit("run", "--model", network, "--test", images)

    assert code == 2
    assert "a3" in error
    assert "b3" in error


def huge(path):
    """Write a small TIFF whose header claims 400 000 x 400 000 pixels."""
    sides = b"".join(struct.pack("<HHII", tag, 4, 1, 400_000) for tag in (256, 257))
    others = ((258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 122), (277, 3, 1), (278, 4, 400_000))
    rest = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in others)
    count = struct.pack("<HHII", 279, 4, 1, 16)
    header = struct.pack("<2sHIH", b"II", 42, 8, 9)
    path.write_bytes(header + sides + rest + count + struct.pack("<I", 0) + bytes(16))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.write_bytes(b"II*\0\x08\0\0\0"), "holds no image"),
        (huge, "400000"),
        (lambda path: tifffile.imwrite(path, np.zeros((49, 40), np.uint16)), "49"),
    ],
)
def test_a_bad_file_is_recorded_and_the_run_goes_on(
    bioaudit, network, images, policy, tmp_path, spoil, says
):
    """A header-only file, one that claims 400 000 x 400 000, a mask one pixel off: told, left."""
    spoil(images / "masks" / "a5.tif" if says == "49" else images / "images" / "a5.tif")
    out = tmp_path / "out"

    code, _, _ = bioaudit(
        "run", "--model", network, "--test", images, "--policy", policy, "--out", out,
        "--probes", "pipeline", "--allow-unpaired",
    )  # fmt: skip

    page = (out / "report.html").read_text()
    assert code == 0
    assert (
        count(out / "record.sqlite", "select count(*) from measurements where metric='iou'") == 11
    )
    assert "a5" in page
    assert says in page


MISBEHAVING = """
import torch
class Network(torch.nn.Module):
    def forward(self, images):
        {body}
def build():
    return Network()
"""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return torch.full((len(images), 2, *images.shape[-2:]), float('nan'))", "not finite"),
        ("return torch.zeros(len(images), 2, 7, 7)", "expected an output of shape"),
        ("return images, images", "expected a tensor"),
        ("return torch.full((len(images), 2, *images.shape[-2:]), 3.0)", "declared as softmax"),
        ("raise RuntimeError('out of luck')", "out of luck"),
    ],
)
def test_a_model_that_breaks_its_contract_gets_no_verdict(
    bioaudit, images, policy, tmp_path, body, says
):
    """NaN, a wrong shape, no tensor, false probabilities: recorded, and never scored; exit 3."""
    (tmp_path / "net.py").write_text(MISBEHAVING.format(body=body))
    out = tmp_path / "out"

    code, _, _ = bioaudit(
        "run", "--model", f"{tmp_path}/net.py:build", "--output",
        "softmax" if "softmax" in says else "logits", "--test", images, "--policy", policy,
        "--out", out, "--probes", "pipeline",
    )  # fmt: skip

    assert code == 3
    assert count(out / "record.sqlite", "select count(*) from rows") == 0
    with sqlite3.connect(out / "record.sqlite") as database:
        reasons = {reason for (reason,) in database.execute("select reason from units")}
    assert all(says in reason for reason in reasons)


def test_an_unfinished_audit_has_no_final_verdict(bioaudit, network, images, policy, tmp_path):
    """One shard of two is undecided and says what is missing; with the other it passes."""
    words = ("run", "--model", network, "--test", images, "--policy", policy,
             "--out", tmp_path / "out", "--probes", "pipeline")  # fmt: skip

    first = bioaudit(*words, "--shard", "0/2")
    second = bioaudit(*words, "--shard", "1/2")

    assert (first[0], second[0]) == (3, 0)
    assert "The audit is unfinished: 6 units of work are missing" in first[1]
    assert "The audit is unfinished" not in second[1]


def test_a_network_without_its_weights_is_refused(bioaudit, images, tmp_path):
    """A network that would run on random weights is no model."""
    (tmp_path / "net.py").write_text(
        "import torch\ndef build():\n    return torch.nn.Conv2d(1, 2, 1)"
    )

    code, _, error = bioaudit("run", "--model", f"{tmp_path}/net.py:build", "--test", images)

    assert code == 3
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
