"""Laws of objects.ledger: planted errors show as shares, by name, and in no other name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from suites.objects.ledger import Ledger
from suites.objects.place import distance_from_frame
from tests.toys import held, raw_threshold, rows_of


def field(*boxes, size: int = 40):
    """Return object numbers of boxes (top, bottom, left, right)."""
    numbers = np.zeros((size, size), np.int32)
    for number, (top, bottom, left, right) in enumerate(boxes, 1):
        numbers[top:bottom, left:right] = number
    return numbers


def sample(truth, seen, **given):
    """Return an image whose bright pixels are what a threshold sees, with a numbered truth."""
    image = np.where(seen, 180.0, 100.0)[None]
    whole = held("one", image, (truth > 0) * 1)
    return replace(whole, instances=truth.copy, **given)


def values(truth, seen, **given):
    """Return what the ledger tells of the whole image, by metric."""
    rows = rows_of(Ledger(), raw_threshold(), (sample(truth, seen, **given),), task="instance")
    return {row.metric: row.value for row in rows if not row.at}


CELLS = field((4, 12, 4, 12), (4, 12, 12, 20), (24, 32, 4, 12), (24, 32, 24, 32))
"""Four cells, of which the first two touch."""


@pytest.mark.parametrize(
    ("seen", "tells"),
    [
        pytest.param(CELLS > 0, {"merged_fraction": 0.5, "kept_fraction": 0.5}, id="merged"),
        pytest.param(
            (CELLS > 0) & (np.arange(40) != 12),
            {"kept_fraction": 1.0, "merged_pairs_fraction": 0.0},
            id="told apart",
        ),
        pytest.param(
            (CELLS > 2) & (np.arange(40) != 28),
            {"split_fraction": 0.25, "missed_fraction": 0.5, "kept_fraction": 0.25},
            id="split and missed",
        ),
    ],
)
def test_planted_errors(seen, tells):
    """A threshold merges cells that touch, splits what a dark line cuts, and misses dark ones."""
    found = values(CELLS, seen)
    assert {name: found[name] for name in tells} == tells
    shares = ("kept", "wobble", "missed", "merged", "split", "cut")
    assert sum(found[f"{fate}_fraction"] for fate in shares) == pytest.approx(1.0)


def test_invented_objects_are_a_share_of_the_predicted():
    """One bright spot without a cell beside two cells: a third of what is predicted."""
    truth = field((4, 12, 4, 12), (24, 32, 24, 32))
    seen = truth > 0
    seen[20:24, 4:8] = True
    assert values(truth, seen)["invented_fraction"] == pytest.approx(1 / 3)


def test_sparse_truth_tells_nothing_of_invented_objects():
    """Where only part of the objects is annotated, what counts invented ones is undefined."""
    truth = field((4, 12, 4, 12))
    found = values(truth, truth > 0, complete=False)
    assert found["invented_fraction"] is found["panoptic_quality"] is found["det"] is None
    assert found["seg"] == found["kept_fraction"] == 1.0


def test_each_object_is_a_row():
    """Each true object has its size, its place, and one fate."""
    rows = rows_of(Ledger(), raw_threshold(), (sample(CELLS, CELLS > 2),), task="instance")
    of = {(row.metric, row.at["object"]): row.value for row in rows if row.at}
    assert [of["is_missed", number] for number in (1, 2, 3, 4)] == [1.0, 1.0, 0.0, 0.0]
    assert [of["is_kept", number] for number in (1, 2, 3, 4)] == [0.0, 0.0, 1.0, 1.0]
    assert of["edge_px", 3] == 4.0
    assert of["object_iou", 4] == 1.0


def test_an_empty_image_has_no_shares():
    """Without an object nothing is shared out, and the reason is told."""
    empty = np.zeros((40, 40), np.int32)
    found = values(empty, empty > 0)
    assert {found["kept_fraction"], found["seg"], found["panoptic_quality"]} == {None}


def test_numbers_may_have_gaps():
    """The distance from the frame is told in the order of the numbers, whichever they are."""
    labels = field((1, 5, 1, 5), (10, 20, 10, 20)) * 7
    assert distance_from_frame(labels, np.array([7, 14])).tolist() == [1, 10]
