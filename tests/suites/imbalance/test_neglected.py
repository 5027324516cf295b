"""Laws of imbalance.neglected: the class of the lowest pooled recall, wherever it stands."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.engine.runner import run
from audit.record.record import Record
from suites.imbalance.classes import Classes
from suites.imbalance.neglected import Neglected
from tests.toys import Does, audit_of, held, segmenter


def drawn(name, *areas):
    """Return a sample of 10 x 10 px in which class k covers so many pixels, in order."""
    mask = np.repeat(np.arange(len(areas) + 1), [100 - sum(areas), *areas]).reshape(10, 10)
    return held(name, mask[None].astype(float), mask)


def halving(images):
    """Return logits: what the image says, but the second half of class 2 is called background."""
    labels = images[:, 0].long()
    for one in labels:
        places = (one.reshape(-1) == 2).nonzero()[:, 0]
        one.view(-1)[places[len(places) // 2 :]] = 0
    return torch.nn.functional.one_hot(labels, 4).movedim(-1, 1) * 9.0


def rows(samples, folder):
    """Return what the probe says of some samples."""
    model = segmenter(Does(halving), classes=4, digest="halving")
    with Record(folder / "r.sqlite") as record:
        run(audit_of(model, samples), [Classes(), Neglected()], record, pictures=False)
        return {
            (row.metric, row.sample): row
            for row in record.measurements("imbalance.neglected", "halving")
        }


def test_the_class_found_least_is_told_with_its_share(tmp_path):
    """Class 2 is half found, the others wholly: its recall, number and share of the foreground."""
    found = rows((drawn("a", 20, 10, 4), drawn("b", 20, 0, 6)), tmp_path)
    assert found["neglected_class", None].value == 2
    assert found["neglected_fraction", None].value == pytest.approx(10 / 60)
    assert (found["neglected_recall", "a"].value, found["neglected_recall", "a"].weight) == (
        0.5,
        10,
    )
    assert found["neglected_recall", "b"].undefined == "nothing there to be found"


def test_without_foreground_there_is_no_such_class(tmp_path):
    """Empty fields have no class to neglect, and say so."""
    found = rows((drawn("a"),), tmp_path)
    assert len(found) == 3
    assert all(row.undefined for row in found.values())
