"""Bytes that are no log are told for what they are, with the way to one."""

from __future__ import annotations

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from audit.errors import LogError
from audit.logs.content import decoded
from audit.logs.open import open_log


class Bomb:
    """Something that would run when a pickle is opened."""

    def __reduce__(self):
        return os.mkdir, ("exploded",)


def zipped(*names):
    """Return an archive of files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return file.getvalue()


def saved(array):
    """Return an array as a .npy file."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


HISTORY = {"loss": [1.0, 0.5], "val_loss": [1.0, 0.6]}
REFUSED = {
    "pickle": (pickle.dumps(HISTORY), "pickle.*json.dump"),
    "bomb": (pickle.dumps(Bomb()), "pickle.*json.dump"),
    "old pickle": (pickle.dumps(HISTORY, protocol=0), "pickle.*json.dump"),
    "pickle 2": (pickle.dumps(HISTORY, protocol=2), "pickle.*json.dump"),
    "checkpoint": (zipped("archive/data.pkl", "archive/version"), "checkpoint.*json.dump"),
    "npz": (zipped("loss.npy"), "checkpoint.*json.dump"),
    "array of objects": (saved(np.array([HISTORY], object)), "NumPy.*CSV"),
    "array": (saved(np.zeros((2, 5))), "NumPy.*CSV"),
    "workbook": (zipped("[Content_Types].xml", "xl/workbook.xml"), "workbook.*CSV"),
    "archive": (zipped("history.csv"), "archive.*unpack"),
    "wandb": (b":W&B\xe1\xbe\0" + bytes(range(256)), "W&B.*history"),
    "gzip": (b"\x1f\x8b\x08" + bytes(range(256)), "unpack"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
    "noise": (bytes(range(256)) * 20, "binary"),
    "empty": (b"", "empty"),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("name", ["history.csv", "log.json", "events.out.tfevents.1"])
def test_what_is_no_log_is_refused_by_its_content(tmp_path, monkeypatch, kind, name):
    """Whatever it is called, the error is one line with the file and the remedy; nothing runs."""
    monkeypatch.chdir(tmp_path)
    content, remedy = REFUSED[kind]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LogError, match=rf"{name}: .*{remedy}") as refused:
        open_log(tmp_path / name)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "exploded").exists()


def test_a_path_that_is_no_file_is_refused(tmp_path):
    """Nothing there, and a pipe, which would wait for ever."""
    with pytest.raises(LogError, match="no such file or folder"):
        open_log(tmp_path / "none.csv")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(LogError, match="not a file"):
        open_log(tmp_path / "pipe")


def test_text_is_decoded_as_it_shows():
    """Marks win, zeros between letters are UTF-16, and colours and holes are no text."""
    assert decoded("größe".encode("utf-16")) == "größe"
    assert decoded("loss,1".encode("utf-16-le")) == "loss,1"
    assert decoded("größe".encode("latin-1")) == "größe"
    assert decoded(b"\x1b[31mloss\x1b[0m 1\0\0\x08") == "loss 1"
