"""What bad images and misbehaving models get: recorded and told, and the run goes on."""

from __future__ import annotations

import shutil
import sqlite3
import struct

import numpy as np
import pytest
import tifffile

from tests.audit.cli.asked import PASSING, count


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

    code, shown, _ = bioaudit(
        "run", "--model", network, "--test", images, "--policy", policy, "--out", out,
        "--probes", "pipeline.score", "--allow-unpaired",
    )  # fmt: skip

    told = [line for line in shown.splitlines() if "not read" in line]
    assert len(told) == 1
    assert "a5" in told[0]
    assert says in told[0]
    assert str(tmp_path) not in told[0]
    assert shown.index("not read") < shown.index("PASS")
    page = (out / "report.html").read_text()
    assert code == 0
    assert (
        count(
            out / "record.sqlite",
            "select count(*) from measurements, models where digest = model and role = 'audited'"
            " and metric = 'iou'",
        )
        == 11
    )
    assert "a5" in page
    assert says in page


def test_what_could_not_be_read_is_no_pass(bioaudit, images, tmp_path):
    """Of 24 images half are no images and six break off: no PASS, and the terminal names them."""
    for number in range(12, 24):
        for kind in ("images", "masks"):
            shutil.copy(images / kind / "a0.tif", images / kind / f"a{number}.tif")
        (images / "images" / f"a{number}.tif").write_bytes(b"no image")
    whole = tmp_path / "o", "--model", f"{tmp_path}/net.py:build"
    (tmp_path / "net.py").write_text(BRIGHT)
    (tmp_path / "rules.toml").write_text(PASSING.replace("at_least = 0.0", "at_least = 0.5"))
    words = ("run", "--test", images, "--policy", tmp_path / "rules.toml", "--probes")
    words = (*words, "pipeline.score", "--output", "sigmoid-logits", "--out", *whole)
    for number in range(6):
        path = images / "images" / f"a{number}.tif"
        tifffile.imwrite(path, tifffile.imread(path), compression="zlib")
        path.write_bytes(path.read_bytes()[:-200])

    code, shown, _ = bioaudit(*words)

    (told,) = [line for line in shown.splitlines() if "not read" in line]
    assert code == 3
    assert "18 of 24 test images could not be read: data/a12 (" in told
    assert "and 15 more; the verdict counts them as failed." in told
    assert "The results of the 18 more that could not be read could turn the verdict." in shown
    page = (tmp_path / "o" / "report.html").read_text()
    assert all(f"a{number}" in page for number in (*range(6), *range(12, 24)))


BRIGHT = """
import torch
class Network(torch.nn.Module):
    def forward(self, images):
        return images - 125
def build():
    return Network()
"""


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
        ("return torch.zeros(len(images), 2, 7, 7)", "is not of the size of the image"),
        ("return images, -images", "returned 2 outputs: 0 (1, 1, "),
        ("return torch.full((len(images), 2, *images.shape[-2:]), 3.0)", "declared as softmax"),
        ("raise RuntimeError('out of luck')", "out of luck"),
    ],
)
def test_a_model_that_breaks_its_contract_on_every_image_is_refused(
    bioaudit, images, tmp_path, body, says
):
    """NaN, a wrong shape, several outputs, false probabilities: one sentence, exit 2, no record."""
    (tmp_path / "net.py").write_text(MISBEHAVING.format(body=body))

    code, _, errors = bioaudit(
        "run", "--model", f"{tmp_path}/net.py:build", "--output",
        "softmax" if "softmax" in says else "logits", "--test", images,
        "--out", tmp_path / "out", "--probes", "pipeline.score",
    )  # fmt: skip

    assert code == 2
    assert says in errors
    assert errors.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_model_that_breaks_its_contract_on_some_images_is_scored_on_none_of_these(
    bioaudit, images, policy, tmp_path
):
    """What fails beyond the images that a model is tried on is recorded, and never scored; exit 5.

    The network is right for as long as it is tried, and NaN from then on.
    """
    body = (
        "self.seen = getattr(self, 'seen', 0) + 1; "
        "return torch.cat((125 - images, images - 125), 1) * (float('nan') if self.seen > 4 else 1)"
    )
    (tmp_path / "net.py").write_text(MISBEHAVING.format(body=body))
    out = tmp_path / "out"

    code, _, _ = bioaudit(
        "run", "--model", f"{tmp_path}/net.py:build", "--test", images, "--policy", policy,
        "--out", out, "--probes", "pipeline.score",
    )  # fmt: skip

    assert code == 5
    rows = "select count(*) from measurements, models where digest = model and role = 'audited'"
    assert count(out / "record.sqlite", rows) == 0
    with sqlite3.connect(out / "record.sqlite") as database:
        reasons = database.execute(
            "select reason from units, models where digest = model and role = 'audited'"
        ).fetchall()
    assert all("not finite" in reason for (reason,) in reasons)
