"""Laws of all that the public zoo declares: it is audited, or refused in one line; never exit 4."""

from __future__ import annotations

import json
import re
from collections import Counter

import numpy as np
import pytest
import tifffile
import torch
from torch import nn

from audit.cli.main import main
from audit.errors import ModelError
from audit.models.package.card import card_of
from audit.models.package.contract import read_contract
from audit.models.package.description import read_line
from audit.models.package.weights import can_open
from tests.audit.models.package.signatures import SIGNATURES

PROBES = "pipeline.score,pipeline.repeat,shift.bit_depth,hallucination.scrambled"
COMES_TO = {
    "a verdict": 15,
    "3-D": 35,
    "say --heads": 33,
    "say --output": 2,
    "not a segmentation": 26,
    "images (": 6,
    "label images": 6,
    "for TensorFlow": 9,
    "the axis": 2,
    "gives no image": 2,
    "takes 3 inputs": 1,
}
"""How many of the 137 models come to what, by a word of the reason."""


class Pointwise(nn.Module):
    """A random linear map of the channels of each pixel, for images in any order of axes."""

    def __init__(self, order: str, channels: int, outputs: int, *, bounded: bool) -> None:
        super().__init__()
        self.bounded = bounded
        self.map = nn.Conv2d(channels, outputs, 1)
        self.forth = [order.index(letter) for letter in "bcyx"]
        self.back = ["bcyx".index(letter) for letter in order]

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return values in the order in which the images came."""
        found = self.map(images.permute(self.forth)).permute(self.back)
        return found.sigmoid() if self.bounded else found


def comes_to(signature):
    """Return what a description comes to: "a verdict", or the reason against it."""
    described = read_line(json.dumps(signature.description("weights.pt")))
    try:
        contract = read_contract(described)
        can_open(described)
        card_of(contract, {})
    except ModelError as error:
        return str(error)
    return "a verdict"


def test_every_model_of_the_zoo_is_a_card_or_a_reason():
    """The table stands for 137 models; what they come to is counted, and nothing else comes out."""
    found = Counter()
    for one in SIGNATURES:
        said = comes_to(one)
        found[next((word for word in COMES_TO if word in said), said)] += one.models

    assert sum(found.values()) == 137
    assert dict(found) == COMES_TO


FLAT = [one for one in SIGNATURES if {*one.taken[0]} == {*"bcyx"} == {*one.given[0]}]
"""Signatures of images in and images out, which a random network can have."""

OPEN = [one for one in FLAT if "; say --" in comes_to(one)]
"""Those that need a word of the user's."""


@pytest.mark.parametrize("signature", FLAT, ids=lambda one: one.id)
def test_a_random_network_is_audited_or_refused_in_one_line(tmp_path, capsys, signature):
    """Four probes on two tiny images end in a verdict, or the one reason is said with exit 2.

    What a random network gives may contradict what is declared of it.
    """
    code, lines = audited(tmp_path, capsys, signature)

    assert code in (0, 1, 2, 3)
    assert code != 2 or len(lines) == 1
    refused = comes_to(signature) != "a verdict"
    assert (code == 2) == (refused or any("tried on" in line for line in lines))


@pytest.mark.parametrize("signature", OPEN, ids=lambda one: one.id)
def test_what_is_not_declared_may_be_said(tmp_path, capsys, signature):
    """Where a description leaves the output open, a word of the user's is enough for an audit."""
    bounded = signature.said[-1:] == ("sigmoid",)
    heads = ["foreground", *["other"] * (signature.channels - 1)]
    said = ("--output", "sigmoid" if bounded else "sigmoid-logits", "--heads", ",".join(heads))
    code, lines = audited(tmp_path, capsys, signature, *said)

    assert code in (0, 1, 3) or ["tried on" in line for line in lines] == [True]


def audited(folder, capsys, signature, *more):
    """Return the exit code of an audit of a random network, and the lines of its refusal."""
    torch.manual_seed(0)
    order, sizes = signature.taken
    channels = int(sizes[order.index("c")])
    bounded = signature.said[-1:] == ("sigmoid",)
    network = Pointwise(order, channels, signature.channels, bounded=bounded)
    package = folder / "package"
    package.mkdir()
    torch.jit.script(network.eval()).save(str(package / "weights.pt"))
    text = json.dumps(signature.description("weights.pt"))
    # Larger tiles are no other case.
    (package / "rdf.yaml").write_text(re.sub(r"\b(1024|1600|1920|512)\b", "300", text))
    images(folder / "data", channels)
    code = main([
        *("run", "--model", str(package), "--test", str(folder / "data"), "--probes", PROBES),
        *("--out", str(folder / "out"), "--no-images", "--device", "cpu", *more),
    ])  # fmt: skip
    lines = capsys.readouterr().err.splitlines()
    return code, [line for line in lines if line.startswith("bioaudit: ")]


def images(folder, channels):
    """Write two tiny images of so many channels, with masks."""
    stream = np.random.default_rng(0)
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    for number in range(2):
        mask = np.zeros((40, 48), np.uint8)
        mask[8 + number : 24, 10:30] = 1
        image = stream.poisson(40 + 60 * mask, (channels, 40, 48)).astype(np.uint8)
        shown = image[0] if channels == 1 else image
        axes = {"axes": "YX" if channels == 1 else "CYX"}
        name = f"{number}.tif"
        tifffile.imwrite(folder / "images" / name, shown, photometric="minisblack", metadata=axes)
        tifffile.imwrite(folder / "masks" / name, mask)
