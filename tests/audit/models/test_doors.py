"""The table of doors: one name is opened by one door, or by none."""

from __future__ import annotations

import numpy as np
import pytest

from audit.models.doors import door_of


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Go to a folder that holds one of each kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "predictions").mkdir()
    np.save(tmp_path / "predictions" / "a.npy", np.zeros((3, 3)))
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "model.toml").touch()
    for name in ("unet.h5", "model.pt", "unet.py"):
        (tmp_path / name).touch()


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("spec", "declared", "expected"),
    [
        ("command: ls {input} {output}", {}, "command"),
        ("model.toml", {"command": "ls {input} {output}"}, "command"),
        ("unet.h5", {}, "Keras"),
        ("predictions", {}, "recorded predictions"),
        ("predictions/", {}, "recorded predictions"),
        ("network", {"taken_as": "recorded"}, "recorded predictions"),
        ("predictions", {"taken_as": "network"}, None),
        ("predictions", {"network": "unet.py:build"}, None),
        ("network", {}, None),
        ("model.pt", {}, None),
        ("unet.py:build", {}, None),
        ("absent", {}, None),
    ],
)
def test_a_name_has_one_door(spec, declared, expected):
    """Commands, predictions and foreign files are recognised; cards, code and TorchScript not."""
    door = door_of(spec, declared)
    assert (door and door.name) == expected
