"""`bioaudit diagnose`: from a log to what it shows and what to do."""

from __future__ import annotations

import numpy as np
import pytest

from tests.suites.training.shapes import SHAPES

LOST = np.full(30, np.nan)


@pytest.fixture
def diagnosed(bioaudit, tmp_path):
    """Return a function that diagnoses a log or a folder: exit code, lines, page."""

    def call(path):
        code, shown, _ = bioaudit("diagnose", path, "--out", tmp_path / "out")
        return code, shown.splitlines(), (tmp_path / "out" / "report.html").read_text()

    return call


def write(path, *losses):
    """Write a table of losses, training first, as a trainer leaves one; return its path."""
    names = ("epoch", "loss", "val_loss")[: 1 + len(losses)]
    rows = zip(range(len(losses[0])), *losses, strict=True)
    lines = (",".join(map(str, row)) for row in (names, *rows))
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def curves(shape):
    """Return the losses of a shape, thirty values each."""
    return SHAPES[shape](np.linspace(0, 1, 30))


def test_losses_that_are_never_finite_are_a_divergence_with_a_page(diagnosed, tmp_path):
    """A table of nan fails as diverged, and its page says why."""
    code, lines, page = diagnosed(write(tmp_path / "log.csv", LOST, LOST))
    assert code == 1
    assert "log.csv: diverged" in lines
    assert "<h4>Diverged</h4>" in page
    assert "The training loss is not a finite number at epoch 0." in page


def test_of_several_logs_those_with_a_finding_are_told_and_the_others_counted(diagnosed, tmp_path):
    """In a folder a finding stands below the run that it is about, the second before the tenth."""
    folder = tmp_path / "logs"
    for name, shape in {"run10": "overfitting", "run2": "overfitting", "a": "good fit"}.items():
        write(folder / f"{name}.csv", *curves(shape))
    write(folder / "lost.csv", LOST, LOST)
    code, lines, page = diagnosed(folder)
    assert code == 1
    told = [one for one in lines if not one.startswith(" ")]
    assert told[1:5] == [
        "lost.csv: diverged",
        "run2.csv: overfitting",
        "run10.csv: overfitting",
        "1 of 4 runs: good fit",
    ]
    below = lines[lines.index("run10.csv: overfitting") + 1 :][:2]
    assert [one[:10] for one in below] == ["  Validati", "  Publish "]
    assert page.index("run2.csv: ") < page.index("run10.csv: ")


def test_nothing_is_said_twice(diagnosed, tmp_path):
    """A finding and its remedy stand once in the terminal and once in the page."""
    _, lines, page = diagnosed(write(tmp_path / "log.csv", *curves("overfitting")))
    found, advice = lines[lines.index("log.csv: overfitting") + 1 :][:2]
    for said in (found.strip(), advice.strip()):
        assert sum(said in one for one in lines) == 1
        assert page.count(said) == 1


def test_a_page_of_curves_speaks_of_no_images(diagnosed, tmp_path):
    """Columns that are about images, their intervals and their cost stand in no page of a log."""
    _, _, page = diagnosed(write(tmp_path / "log.csv", *curves("overfitting")))
    for word in ("Estimate", "census", ">Images<", "These images", "forward passes</dfn>"):
        assert word not in page


def test_what_was_not_found_reads_as_no_finding(diagnosed, tmp_path):
    """Where nothing can be told, no name of a condition stands alone beside the verdict."""
    short = [one[:4] for one in curves("good fit")]
    _, _, page = diagnosed(write(tmp_path / "log.csv", *short))
    assert "Nothing was found" in page
    assert 'class="margin"' not in page


def test_where_nothing_is_found_what_cannot_be_told_is_said(diagnosed, tmp_path):
    """A log without validation shows no flaw, and is no good fit either: no line is left empty."""
    training, _ = curves("good fit")
    _, lines, _ = diagnosed(write(tmp_path / "log.csv", training))
    (said,) = (one for one in lines if one.startswith("log.csv: "))
    said, untold = said.split("; what cannot be told: ")
    assert said == "log.csv: nothing was found"
    assert {"good fit", "not finished", "overfitting"} <= {*untold.split(", ")}
    assert "underfitting" not in untold.split(", ")
