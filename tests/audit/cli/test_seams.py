"""What `bioaudit seams` says of folders, files, and what cannot be read."""

from __future__ import annotations

import numpy as np
import tifffile

from tests.audit.metrics.test_seams import tiled
from tests.suites.objects.test_controls import field


def write(folder, images):
    """Write label images into a folder."""
    folder.mkdir()
    for number, labels in enumerate(images):
        tifffile.imwrite(folder / f"{number}.tif", labels.astype(np.uint16))
    return folder


def test_seams_are_named_with_their_places(bioaudit, tmp_path):
    """A folder of tiled labels ends with 1, each line named; what is no label image too."""
    place = write(tmp_path / "tiled", [tiled(field(seed), 80) % 60000 for seed in range(3)])
    (place / "colours.png").write_bytes(b"no image")
    code, shown, _ = bioaudit("seams", place)
    assert code == 1
    assert "x = 80 px" in shown
    assert "y = 80 px" in shown
    assert "2 seams in 3 label images" in shown
    assert "colours.png" in shown


def test_whole_labels_have_none(bioaudit, tmp_path):
    """Labels of whole images end with 0."""
    code, shown, _ = bioaudit("seams", write(tmp_path / "whole", [field(1), field(2)]))
    assert (code, "No seam in 2 label images" in shown) == (0, True)


def test_nothing_to_read_is_a_wrong_call(bioaudit, tmp_path):
    """A folder without images, or none, is refused by name."""
    (tmp_path / "empty").mkdir()
    assert bioaudit("seams", tmp_path / "empty")[0] == 2
    code, _, told = bioaudit("seams", tmp_path / "nowhere")
    assert (code, "nowhere" in told) == (2, True)
