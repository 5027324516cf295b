"""A network on disk, as `bioaudit train` leaves one, made without training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import tifffile
import torch
from safetensors.torch import save_file

from baselines.network import reference
from tests.audit.cli.asked import PASSING

if TYPE_CHECKING:
    from pathlib import Path

CARD = """
network = "baselines.network:reference"
weights = "weights.safetensors"
normalisation = "zscore"
[settings]
widths = [4, 8]
"""


@pytest.fixture
def network(tmp_path) -> Path:
    """Return the folder of a tiny reference network with random weights."""
    torch.manual_seed(0)
    folder = tmp_path / "network"
    folder.mkdir()
    save_file(reference(widths=(4, 8)).state_dict(), folder / "weights.safetensors")
    (folder / "model.toml").write_text(CARD)
    return folder


@pytest.fixture
def bioaudit(capsys):
    """Return a function that runs the command line: exit code, output, error output."""
    from audit.cli.main import main

    def call(*words: object) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


@pytest.fixture
def policy(tmp_path):
    """Return a policy that any measured model passes."""
    path = tmp_path / "policy.toml"
    path.write_text(PASSING)
    return path


@pytest.fixture
def images(tmp_path):
    """Return a folder of twelve images with masks, in no order: they are no movie."""
    random = np.random.default_rng(0)
    for kind in ("images", "masks"):
        (tmp_path / "data" / kind).mkdir(parents=True)
    for index in range(12):
        mask = np.zeros((48, 40), np.uint16)
        mask[10:30, 8 : 20 + 5 * index % 12] = 1
        mask[34:44, 25:38] = 2
        image = (100 + 50 * (mask > 0) + random.normal(0, 5, mask.shape)).astype(np.uint16)
        tifffile.imwrite(tmp_path / "data" / "images" / f"a{index}.tif", image)
        tifffile.imwrite(tmp_path / "data" / "masks" / f"a{index}.tif", mask)
    return tmp_path / "data"
