"""TensorBoard's download of one curve: named by its file, or by the user."""

from __future__ import annotations

import pytest

from audit.errors import LogError
from audit.logs.open import open_log

TEXT = "Wall time,Step,Value\n" + "".join(f"1626251749.6,{100 * n},{1 / n}\n" for n in range(1, 9))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("run-train-tag-epoch_loss.csv", "training"),
        ("run-fold1_validation-tag-epoch_loss.csv", "validation"),
        ("run-.-tag-Loss_val.csv", "validation"),
    ],
)
def test_the_name_of_the_file_names_the_curve(tmp_path, name, part):
    """Run and tag stand in the name that TensorBoard gives the file."""
    (tmp_path / name).write_text(TEXT)
    (run,) = open_log(tmp_path / name).runs
    assert getattr(run, part).values == pytest.approx([1 / n for n in range(1, 9)])
    assert getattr(run, part).at[:2] == (100, 200)


def test_another_name_is_refused_with_the_remedy(tmp_path):
    """A curve that may be anything is no loss until somebody says so."""
    (tmp_path / "curve.csv").write_text(TEXT)
    with pytest.raises(LogError, match="--map train=Value"):
        open_log(tmp_path / "curve.csv")
    (run,) = open_log(tmp_path / "curve.csv", {"val": "Value"}).runs
    assert run.validation.values[0] == 1
    assert run.training is None


def test_a_tag_that_is_no_loss_is_refused(tmp_path):
    """An accuracy that was downloaded is not judged as a loss."""
    (tmp_path / "run-train-tag-accuracy.csv").write_text(TEXT)
    with pytest.raises(LogError, match="accuracy"):
        open_log(tmp_path / "run-train-tag-accuracy.csv")
