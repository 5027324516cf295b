"""Laws of arrays on disk: numbers are read, and nothing in a file is run."""

from __future__ import annotations

import os

import numpy as np
import pytest

from audit.errors import DataError
from audit.images.reading import image_shape, read_image, read_labels

LABELS = np.zeros((20, 30), np.uint16)
LABELS[2:8, 2:8], LABELS[12:18, 20:28] = 1, 300


class Trap:
    """What leaves a file where it is unpickled."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_arrays_are_read_with_their_colours_last(tmp_path):
    """A .npy is an image (Y, X) or (Y, X, 3), an .npz of one array too."""
    np.save(tmp_path / "a.npy", LABELS)
    np.save(tmp_path / "b.npy", np.dstack([LABELS] * 3))
    np.savez(tmp_path / "c.npz", LABELS)
    assert np.array_equal(read_labels(tmp_path / "a.npy"), LABELS)
    assert image_shape(tmp_path / "b.npy") == read_image(tmp_path / "b.npy").shape == (3, 20, 30)
    assert np.array_equal(read_labels(tmp_path / "c.npz"), LABELS)


def test_an_array_of_unnamed_planes_is_refused(tmp_path):
    """Planes of an array have no names, so they are asked for; of two arrays neither is chosen."""
    np.save(tmp_path / "a.npy", np.stack([LABELS] * 4))
    np.savez(tmp_path / "b.npz", masks=LABELS, image=LABELS)
    with pytest.raises(DataError, match="--axes"):
        image_shape(tmp_path / "a.npy")
    with pytest.raises(DataError, match=r"2 arrays \(masks, image\)"):
        image_shape(tmp_path / "b.npz")


def test_masks_of_cellpose_are_read_and_nothing_is_run(tmp_path):
    """A `_seg.npy` gives its masks whatever lies beside them; what would run code is refused."""
    held = {"masks": LABELS, "flows": [LABELS, [np.float32(1)]], "filename": "a", "diameter": 3.0}
    np.save(tmp_path / "a_seg.npy", held, allow_pickle=True)
    assert np.array_equal(read_labels(tmp_path / "a_seg.npy"), LABELS)
    np.save(tmp_path / "b_seg.npy", held | {"x": Trap(tmp_path / "made")}, allow_pickle=True)
    with pytest.raises(DataError, match="is not built from a file"):
        read_labels(tmp_path / "b_seg.npy")
    np.save(tmp_path / "c.npy", {"masks": LABELS}, allow_pickle=True)
    with pytest.raises(DataError, match="cannot be decoded"):
        read_labels(tmp_path / "c.npy")
    assert not (tmp_path / "made").exists()
