"""Files of predictions are paired by name, and are as large as their images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from audit.errors import ModelError
from audit.models.answers import answering, check_size, listed, read_answer

NUMBERS = np.arange(30, dtype=np.uint16).reshape(5, 6)


def keyed(*names):
    """Return files by their names without ending."""
    return {name: Path(f"{name}.tif") for name in names}


@pytest.mark.parametrize(
    ("image", "files", "expected"),
    [
        ("a", ("a", "ab", "b"), "a.tif"),
        ("a", ("a_cp_masks", "b_cp_masks"), "a_cp_masks.tif"),
        ("a", ("a-prob", "ab"), "a-prob.tif"),
        ("a_0000", ("a", "b", "a.b"), "a.tif"),
        ("a_0000", ("a_0000", "b"), "a_0000.tif"),
        ("a_mask", ("a_mask", "b_mask"), "a_mask.tif"),
        ("image0001_0000", ("image0000", "image0001_prob"), "image0001_prob.tif"),
        ("02/t003", ("02/mask003", "02/mask004"), "02/mask003.tif"),
        ("t003", ("mask004",), None),
        ("a", ("b", "A"), None),
        ("cell_1", ("cell_10", "cell_1_pred"), "cell_1_pred.tif"),
    ],
)
def test_a_name_finds_its_answer(image, files, expected):
    """The exact name, else the name and a word; never a name that only begins alike."""
    found = answering(image, keyed(*files))
    assert (found and str(found)) == expected


def test_two_answers_are_no_answer(tmp_path):
    """Two files for one image are named, whether their words or their endings differ."""
    for files in (("a_masks", "a_prob"), ("a", "a_masks"), ("a", "a_0000")):
        with pytest.raises(ModelError, match="both answer for it"):
            answering("a_0000" if "a_0000" in files else "a", keyed(*files))
    for name in ("a.npy", "a.tif", "a_seg.npy", ".hidden.tif", "notes.txt"):
        (tmp_path / name).touch()
    with pytest.raises(ModelError, match="answer for the same image"):
        listed(tmp_path)


@pytest.mark.parametrize("ending", ["tif", "ome.tif", "png", "npy"])
def test_every_format_gives_the_same_numbers(tmp_path, ending):
    """TIFF, PNG and NPY hold what was written into them."""
    path = tmp_path / f"a.{ending}"
    if ending == "npy":
        np.save(path, NUMBERS)
    elif ending == "png":
        Image.fromarray(NUMBERS).save(path)
    else:
        tifffile.imwrite(path, NUMBERS)

    assert list(listed(tmp_path)) == ["a"]
    assert np.array_equal(read_answer(path, (5, 6), "objects"), NUMBERS)
    assert np.array_equal(read_answer(path, (5, 6), None), NUMBERS)


def test_whole_numbers_may_stand_for_probabilities(tmp_path):
    """Eight bits declared as probabilities run from 0 to 255; 0 and 1 alone are doubted."""
    path = tmp_path / "a.png"
    Image.fromarray(np.array([[0, 51, 255]], np.uint8)).save(path)
    assert read_answer(path, (1, 3), "sigmoid").ravel() == pytest.approx([0, 0.2, 1])
    Image.fromarray(np.array([[0, 1, 1]], np.uint8)).save(path)
    with pytest.raises(ModelError, match="say --output labels"):
        read_answer(path, (1, 3), "sigmoid")


def test_another_size_is_named(tmp_path):
    """A prediction of another size is named, and one whose axes are swapped is said to be so."""
    path = tmp_path / "a.npy"
    np.save(path, NUMBERS)
    with pytest.raises(ModelError, match=r"a\.npy: a prediction of \(5, 6\).*its axes are swapped"):
        check_size(path, (6, 5))
    with pytest.raises(ModelError, match="write it as large as the image"):
        read_answer(path, (10, 12), None)


def test_what_is_no_array_is_named(tmp_path):
    """Garbage and pickles are refused by name, and never unpickled."""
    path = tmp_path / "a.npy"
    path.write_bytes(b"garbage")
    with pytest.raises(ModelError, match=r"a\.npy: not readable as NPY"):
        read_answer(path, (5, 6), None)
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(ModelError, match="not readable as NPY"):
        read_answer(path, (5, 6), None)
    (tmp_path / "a.tif").write_bytes(b"garbage")
    with pytest.raises(ModelError, match="not a TIFF, PNG, JPEG"):
        read_answer(tmp_path / "a.tif", (5, 6), None)
