"""Laws of foreign files: each is named for what it is, in one line with what to do."""

from __future__ import annotations

import zipfile

import pytest
import torch
from torch import nn

from audit.errors import ModelError
from audit.models.load import load_model


def zipped(path, member):
    """Write an archive with one member."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "{}")


MADE = {
    "weights.pth": (lambda p: torch.save(nn.Conv2d(1, 2, 1).state_dict(), p), "a state dict"),
    "last.ckpt": (
        lambda p: torch.save({"state_dict": nn.Conv2d(1, 2, 1).state_dict(), "epoch": 1}, p),
        "a state dict, .* --model file.py:function --weights FILE",
    ),
    "whole.pt": (lambda p: torch.save(nn.Conv2d(1, 2, 1), p), "a whole pickled model.*torch.jit"),
    "model.h5": (
        lambda p: p.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(99)),
        "a Keras or TensorFlow model",
    ),
    "model.keras": (lambda p: zipped(p, "config.json"), "a Keras or TensorFlow model"),
    "model.pkl": (lambda p: p.write_bytes(b"\x80\x04N."), "a pickle"),
    "model.yaml": (lambda p: p.write_text("name: unet"), "format_version"),
    "model.zip": (lambda p: zipped(p, "readme.txt"), "not a package of bioimage.io"),
}


@pytest.mark.parametrize("name", MADE)
def test_a_file_is_named_for_what_it_is(tmp_path, name):
    """State dicts, pickles, Keras and archives are told by their content, and none is run."""
    make, says = MADE[name]
    make(tmp_path / name)
    with pytest.raises(ModelError, match=says) as caught:
        load_model(str(tmp_path / name))
    assert "\n" not in str(caught.value)
    assert "internal miniz error" not in str(caught.value)
