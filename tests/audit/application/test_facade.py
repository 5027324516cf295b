"""`audit.run` with a model and images at hand: what it is given it leaves as it was."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import audit
from audit.errors import UsageError
from audit.record.record import Record
from tests.toys import Tiny, scenes

SCENES = scenes(3)
PAIR = [one.image()[0] for one in SCENES], [one.mask() for one in SCENES]
SCORE = {"probes": "pipeline.score", "say": None}


def bright(image):
    """Return what is brighter than the middle of the scene."""
    return image > 140


def scores(result):
    """Return the IoU of each image, of the audited model alone."""
    rows = result.table()
    return rows[(rows.metric == "iou") & ~rows.model.str.startswith("naive")].value


def units(result):
    """Return the status of each unit by probe, and why it has no rows."""
    with Record(result.path, readonly=True) as record:
        return {unit.probe: (unit.status, unit.reason) for unit in record.units()}


def test_a_function_of_arrays_is_scored(tmp_path):
    """A threshold that is right scores almost one; the record names it and says how it was read."""
    found = audit.run(bright, test=PAIR, output="labels", out=tmp_path / "o", **SCORE)

    assert len(scores(found)) == 3
    assert scores(found).min() > 0.97
    known = found.provenance()
    assert (known["model"], known["origin"]["test"]["layout"]) == ("bright", "arrays")
    assert "identity" not in known


def test_what_a_function_cannot_be_asked_is_said(tmp_path):
    """Labels are no probabilities, and a function has no gradients: nothing fails for it."""
    asked = "pipeline.score,pipeline.calibration,receptive_field,adversarial.gradient"
    found = audit.run(
        bright, test=PAIR, output="labels", out=tmp_path / "o", probes=asked, say=None
    )

    status = units(found)
    assert status["pipeline.score"][0] == "done"
    assert "labels, not probabilities" in status["pipeline.calibration"][1]
    assert "labels, not probabilities" in status["receptive_field.halo"][1]
    assert "no gradients" in status["receptive_field.effective"][1]
    assert not {"failed", "stopped"} & {one for one, _ in status.values()}


def test_a_module_is_audited_as_it_is_and_left_as_it_was(tmp_path):
    """A module is copied in its mode: the caller's can be trained on, where it stood."""
    torch.manual_seed(0)
    module = Tiny().train()
    found = audit.run(module, test=PAIR, normalisation="zscore", out=tmp_path / "o", **SCORE)

    assert len(scores(found)) == 3
    assert all(one.requires_grad for one in module.parameters())
    assert module.training


def test_a_model_at_hand_goes_on_and_no_other_joins(tmp_path):
    """The same module goes on in its record; other weights are another model."""
    torch.manual_seed(0)
    module = Tiny()
    asked = {"test": PAIR, "out": tmp_path / "o", **SCORE}
    first = len(audit.run(module, **asked).table())

    assert len(audit.run(module, **asked).table()) == first
    with torch.no_grad():
        next(module.parameters()).add_(1)
    with pytest.raises(UsageError, match="another model"):
        audit.run(module, **asked)


def test_datasets_at_hand_are_told_apart(tmp_path):
    """Training images and several others may have the names of the test images."""
    found = audit.run(
        bright, test=PAIR, train=PAIR, other=[PAIR, PAIR], output="labels",
        out=tmp_path / "o", probes="pipeline.score,leakage.exact", say=None,
    )  # fmt: skip

    with Record(found.path, readonly=True) as record:
        assert len(record.digests()) == 12
    copies = found.table().query("metric == 'leaked'").value
    assert len(copies) >= 3
    assert copies.min() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"model": bright}, "say what it returns: output="),
        ({"model": bright, "output": "labels", "stride": 8}, "stride: a function is shown"),
        ({"model": bright, "output": "labels", "weights": "w.pt"}, "brings its own"),
        ({"model": bright, "output": "labels", "last": "w.pt"}, "last: "),
        ({"model": 3}, "expected a path, a torch module or a function, got int"),
        ({"model": bright, "output": "labels", "test": 3}, "test: expected a path, a pair"),
        ({"model": bright, "output": "label"}, "output: Input should be"),
    ],
)
def test_a_wrong_call_names_the_argument(tmp_path, given, says):
    """A mistake is one line about the argument, before anything is measured."""
    with pytest.raises(audit.BioauditError, match=says):
        audit.run(**{"test": PAIR, "out": tmp_path / "o", **SCORE} | given)


def test_progress_is_told_to_who_asks_and_to_nobody_else(tmp_path, capsys):
    """`say` is called once a unit; None, and a bar where nobody is looking, write nothing."""
    steps = []
    asked = {"test": PAIR, "output": "labels", "probes": "pipeline.score"}
    audit.run(bright, out=tmp_path / "a", say=steps.append, **asked)
    audit.run(bright, out=tmp_path / "b", say=None, **asked)
    audit.run(bright, out=tmp_path / "c", **asked)

    assert steps[-1].done == steps[-1].total > 0
    assert capsys.readouterr() == ("", "")


def test_a_notebook_shows_one_bar_that_moves(tmp_path, monkeypatch):
    """In a notebook's kernel a bar is shown once and then updated, to its end."""
    shown = []
    handle = SimpleNamespace(update=shown.append)
    display = SimpleNamespace(HTML=str, display=lambda html, **_: shown.append(html) or handle)
    kernel = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setitem(sys.modules, "IPython", kernel)
    monkeypatch.setitem(sys.modules, "IPython.display", display)

    audit.run(bright, test=PAIR, output="labels", probes="pipeline.score", out=tmp_path / "o")

    assert len(shown) > 1
    assert shown[0].startswith("<progress ")
    total = len(shown)
    assert f'<progress value="{total}" max="{total}">' in shown[-1]


def test_arrays_are_never_written_to(tmp_path):
    """A function that writes to what it is shown harms neither the caller's arrays nor the next."""

    def rude(image):
        labels = image > 140
        image[:] = np.nan
        return labels

    before = [one.copy() for one in PAIR[0]]
    found = audit.run(rude, test=PAIR, output="labels", out=tmp_path / "o", **SCORE)

    assert all(np.array_equal(a, b) for a, b in zip(before, PAIR[0], strict=True))
    assert scores(found).min() > 0.97
