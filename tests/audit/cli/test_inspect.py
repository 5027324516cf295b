"""Laws of inspecting: what would be read is shown, and exit code 2 where nothing can be."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from audit.cli.main import main

LABELS = np.kron(np.arange(1, 9).reshape(2, 4), np.pad(np.ones((6, 4)), 1)).astype(np.uint8)
LABELS = np.pad(LABELS, ((2, 2), (3, 3)))
IMAGE = (LABELS * 20 + np.random.default_rng(0).integers(0, 9, LABELS.shape)).astype(np.uint8)


@pytest.fixture
def folder(tmp_path):
    """Return a folder of two images with their masks."""
    for kind, array in (("images", IMAGE), ("masks", LABELS)):
        (tmp_path / kind).mkdir()
        for name in "ab":
            tifffile.imwrite(tmp_path / kind / f"{name}.tif", array)
    return tmp_path


def test_a_folder_is_shown_as_it_is_read(folder, capsys):
    """Layout, counts, shapes, classes and folders stand in the table."""
    assert main(["data", "inspect", str(folder)]) == 0
    shown = capsys.readouterr().out
    for words in ("images + masks", "2 of 1 x 20 x 30", "with truth", "masks/"):
        assert words in shown


def test_a_sheet_shows_images_with_their_truth(folder, tmp_path, capsys):
    """The sheet is one file of ours, with each image plain and outlined, and no script."""
    sheet = tmp_path / "sheet.html"
    assert main(["data", "inspect", str(folder), "--html", str(sheet)]) == 0
    page = sheet.read_text("utf-8")
    assert page.count("data:image/png") == 4
    assert "<script" not in page
    assert "8 numbers beside 0" in page
    assert str(sheet) in capsys.readouterr().out


def test_nothing_to_use_is_exit_code_2_with_what_was_seen(tmp_path, capsys):
    """Folders that say nothing, stacks without axes and unreadable files end in one line."""
    for kind, array in (("foo", IMAGE), ("bar", LABELS)):
        (tmp_path / kind).mkdir()
        tifffile.imwrite(tmp_path / kind / "a.tif", array)
    assert main(["data", "inspect", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert "a name that says nothing" in told.out
    assert "look like masks" in told.err
    stack = tmp_path / "stack"
    stack.mkdir()
    tifffile.imwrite(stack / "a.tif", np.stack([IMAGE] * 5), photometric="minisblack")
    assert main(["data", "inspect", str(stack)]) == 2
    assert "--axes TYX" in capsys.readouterr().err
    assert main(["data", "inspect", str(stack), "--axes", "TYX"]) == 0
    assert "5 of 1 x 20 x 30" in capsys.readouterr().out
