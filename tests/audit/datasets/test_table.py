"""A table says which image is in which part."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from audit.datasets.open import open_dataset
from audit.errors import DataError


@pytest.fixture
def table(tmp_path):
    """Return a table of three images in two parts, one of which cannot be read."""
    for name in "ab":
        Image.fromarray(np.full((8, 9), 7, np.uint8)).save(tmp_path / f"{name}.png")
    (tmp_path / "c.png").write_text("no image")
    text = "Path,split,group,frame\na.png,training,m,4\nb.png,test,m,5\nc.png,test,m,6\n"
    (tmp_path / "t.csv").write_text(text)
    return tmp_path / "t.csv"


def test_the_split_column_says_the_part(table):
    """Lines of a part give its samples with group and frame; what cannot be read is refused."""
    train, test = (open_dataset(table, part=part) for part in ("train", "test"))
    assert [(s.id, s.group, s.frame, s.part) for s in train.samples] == [("a.png", "m", 4, "train")]
    assert [s.id for s in test.samples] == ["b.png"]
    assert [one.id for one in test.refused] == ["c.png"]
    assert test.samples[0].image().shape == (1, 8, 9)


def test_without_a_split_every_line_is_of_the_part(table):
    """Tabs separate the columns of a .tsv, and an image that has no group is its own."""
    other = table.with_suffix(".tsv")
    other.write_text("id\tfile\nx\ta.png\ny\tb.png\n")
    found = open_dataset(other, part="test").samples
    assert [(s.id, s.group) for s in found] == [("x", "x"), ("y", "y")]


@pytest.mark.parametrize("text", ["", "name,split\na.png,test\n", "\x00\xff"])
def test_what_is_no_table_of_paths_is_refused(tmp_path, text):
    """The message names the column that is missing."""
    (tmp_path / "t.csv").write_text(text, encoding="latin-1")
    with pytest.raises(DataError, match=r"t\.csv"):
        open_dataset(tmp_path / "t.csv")
