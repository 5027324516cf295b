"""A record to be judged, and a network on disk as `bioaudit train` leaves one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from audit.metric import Metric, change, share
from audit.probing.suite import Suite
from audit.record.record import Record
from audit.tasks.scores import SCORES
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

DECLARED = Suite(
    name="test",
    title="Test",
    about="What tests of judging measure.",
    probes=(),
    metrics=(
        *SCORES,
        share("agreement", "agreement", paired=True),
        share("changed_fraction", "share that changes", "lower", paired=True),
        share("leaked", "share that leaked", "lower"),
        change("gain", "gain"),
        Metric(name="m", words="what a toy measures"),
    ),
)


@pytest.fixture
def record(tmp_path):
    """Return an empty record of an audited model."""
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", "m", "model")
        record.declare([DECLARED])
        yield record


@pytest.fixture
def network(tmp_path) -> Path:
    """Return the folder of a tiny reference network with random weights."""
    torch.manual_seed(0)
    folder = tmp_path / "network"
    folder.mkdir()
    save_file(reference(widths=(4, 8)).state_dict(), folder / "weights.safetensors")
    (folder / "model.toml").write_text(CARD)
    return folder
