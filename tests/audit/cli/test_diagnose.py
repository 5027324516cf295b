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
    """A table of nan fails as diverged, and its page says that no loss is a number."""
    code, lines, page = diagnosed(write(tmp_path / "log.csv", LOST, LOST))
    assert code == 1
    assert "log.csv: diverged" in lines
    assert "No loss is a finite number over 30 epochs" in page


def test_each_line_of_several_logs_names_its_log(diagnosed, tmp_path):
    """In a folder, a lost training among them, advice is said of the run that it is about."""
    folder = tmp_path / "logs"
    for shape in ("good fit", "overfitting"):
        write(folder / f"{shape}.csv", *curves(shape))
    write(folder / "lost.csv", LOST, LOST)
    code, lines, _ = diagnosed(folder)
    assert code == 1
    assert {"good fit.csv: good fit", "overfitting.csv: overfitting", "lost.csv: diverged"} <= {
        *lines
    }
    assert any(one.startswith("overfitting.csv: Publish the best checkpoint") for one in lines)
    assert not any(one.startswith(("Publish", "Best and last")) for one in lines)


def test_a_lone_log_is_advised_without_its_name(diagnosed, tmp_path):
    """Where there is one log, all is about it."""
    _, lines, _ = diagnosed(write(tmp_path / "log.csv", *curves("overfitting")))
    assert any(one.startswith("Publish the best checkpoint") for one in lines)


def test_where_nothing_is_found_what_cannot_be_told_is_said(diagnosed, tmp_path):
    """A log without validation shows no flaw, and is no good fit either: no line is left empty."""
    training, _ = curves("good fit")
    _, lines, _ = diagnosed(write(tmp_path / "log.csv", training))
    (said,) = (one for one in lines if one.startswith("log.csv: "))
    said, untold = said.split("; what cannot be told: ")
    assert said == "log.csv: nothing was found"
    assert {"good fit", "not finished", "overfitting"} <= {*untold.split(", ")}
    assert "underfitting" not in untold.split(", ")
