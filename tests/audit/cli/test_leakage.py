"""The verb that needs no model."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from audit.cli.main import main
from audit.record.record import Record
from tests.toys import cells


def folder(path, images):
    """Write images into a folder and return its name."""
    path.mkdir()
    for name, image in images.items():
        tifffile.imwrite(path / f"{name}.tif", image.astype(np.uint16))
    return str(path)


def test_a_copy_is_listed_shown_and_fails(tmp_path, capsys):
    """Two folders in, the pair with its kind out; a picture of both in the record; exit code 1."""
    images = [one.image()[0] for one in cells(5, 64)]
    train = folder(tmp_path / "train", {f"a{n}": one for n, one in enumerate(images[:4])})
    test = folder(tmp_path / "test", {"b": np.rot90(images[2]), "c": images[4]})
    out = tmp_path / "out"
    assert main(["leakage", train, test, "--out", str(out)]) == 1
    said = capsys.readouterr().out
    assert "test/b" in said
    assert "train/a2" in said
    assert "turned" in said
    with Record(out / "record.sqlite", readonly=True) as record:
        assert record.models() == {}
        pictures = record.database.execute("select count(*) from pictures").fetchone()
    assert pictures[0] >= 1
    assert "leakage" in (out / "report.html").read_text()


def test_a_clean_split_passes(tmp_path, capsys):
    """Other images of the same kind are no leak: exit code 0."""
    images = [one.image()[0] for one in cells(4, 64)]
    train = folder(tmp_path / "train", {f"a{n}": one for n, one in enumerate(images[:3])})
    test = folder(tmp_path / "test", {"c": images[3]})
    assert main(["leakage", train, test, "--out", str(tmp_path / "out")]) == 0
    assert "PASS" in capsys.readouterr().out


def table(path, header, lines):
    """Write a table of images and return its name."""
    path.write_text("\n".join((header, *lines)) + "\n")
    return str(path)


@pytest.mark.parametrize("kind", ["folder", "table"])
def test_images_are_not_compared_with_themselves(tmp_path, capsys, kind):
    """One folder, or one table without a split, is a wrong call that asks for the second."""
    alone = folder(
        tmp_path / "all", {f"a{n}": one.image()[0] for n, one in enumerate(cells(3, 64))}
    )
    if kind == "table":
        alone = table(tmp_path / "all.csv", "path", [f"all/a{n}.tif" for n in range(3)])
    assert main(["leakage", alone, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "name the test images" in said
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_table_with_a_split_stands_for_both(tmp_path, capsys):
    """The training images are those of one split, the test images those of the other."""
    images = [one.image()[0] for one in cells(4, 64)]
    folder(tmp_path / "all", {f"a{n}": one for n, one in enumerate(images)} | {"b": images[1]})
    split = {"a0": "train", "a1": "train", "a2": "train", "a3": "test", "b": "test"}
    lines = [f"all/{name}.tif,{part}" for name, part in split.items()]
    alone = table(tmp_path / "all.csv", "path,split", lines)
    assert main(["leakage", alone, "--out", str(tmp_path / "out")]) == 1
    listed = [line.split() for line in capsys.readouterr().out.splitlines() if "identical" in line]
    assert [line[:2] for line in listed] == [["all/b.tif", "all/a1.tif"]]
