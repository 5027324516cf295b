"""What mask numbers mean, from the command line to the record, the terminal and the page."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest
import tifffile


@pytest.fixture
def marked(images):
    """Return the images with masks of 0 and 1, of which 255 marks what nobody judged."""
    for path in (images / "masks").iterdir():
        mask = np.minimum(tifffile.imread(path), 1).astype(np.uint8)
        mask[:, :4] = 255
        tifffile.imwrite(path, mask)
    return images


def asked(network, images, out, *more):
    """Return the words of an audit by few probes."""
    words = ("run", "--model", network, "--test", images, "--out", out)
    return (*words, "--probes", "pipeline.score", *more)


def scores(out):
    """Return the IoU of the audited model in every image."""
    query = "select sample, value from measurements where metric = 'iou' order by model, sample"
    with sqlite3.connect(out / "record.sqlite") as database:
        return database.execute(query).fetchall()


def test_a_doubt_ends_the_call_with_both_readings(bioaudit, network, marked, tmp_path):
    """Inspecting and auditing say the same line, measure nothing, and exit with 2."""
    for words in (("data", "inspect", marked), asked(network, marked, tmp_path / "out")):
        code, _, said = bioaudit(*words)
        assert code == 2
        assert "--map-labels 255=ignore" in said
        assert "--map-labels 1=1,255=2" in said
    assert not (tmp_path / "out").exists()


def test_a_declaration_is_obeyed_and_said(bioaudit, network, marked, policy, tmp_path):
    """On the line or in a file it gives the same scores; terminal, inspection and page say it."""
    said = "binary, 0 is background, 1 is foreground; its objects are not numbered; 255 is ignored"
    line, file = tmp_path / "line", tmp_path / "file"
    words = asked(network, marked, line, "--policy", policy, "--map-labels", "255=ignore")
    code, shown, _ = bioaudit(*words)
    assert code == 0
    assert said in " ".join(shown.split())
    assert said in " ".join((line / "report.html").read_text().split())
    spec = tmp_path / "audit.toml"
    spec.write_text('[map_labels]\n255 = "ignore"\n')
    assert bioaudit("run", spec, *asked(network, marked, file, "--policy", policy)[1:])[0] == 0
    assert scores(file) == scores(line) != []
    code, shown, _ = bioaudit("data", "inspect", marked, "--map-labels", "255=ignore")
    assert code == 0
    assert "255 is ignored" in shown


def test_a_table_obeys_what_is_said_of_labels(bioaudit, network, images, tmp_path):
    """Masks that a table names are classes where that is said, and so refused of two classes."""
    table = images / "split.csv"
    lines = [f"images/a{n}.tif,masks/a{n}.tif" for n in range(12)]
    table.write_text("\n".join(["path,mask", *lines]))
    code, _, said = bioaudit(*asked(network, table, tmp_path / "out", "--labels", "classes"))
    assert code == 2
    assert "hold class 2, but the model has 2 classes" in said
