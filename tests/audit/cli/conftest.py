"""A network on disk, as `bioaudit train` leaves one, made without training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from baselines.network import reference

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
