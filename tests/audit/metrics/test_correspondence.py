"""Laws of corresponding objects: each fate by a drawing of it."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.measure import label

from audit.metrics.correspondence import correspondence

BAR = "111111"


def drawn(*rows: str):
    """Return object numbers from rows of digits."""
    return np.array([[int(one) for one in row] for row in rows])


@pytest.mark.parametrize(
    ("before", "after", "fate"),
    [
        (BAR, BAR, {"kept": (1.0,)}),
        (BAR, "222222", {"kept": (1.0,)}),
        (BAR, "000000", {"lost": 1}),
        ("000000", BAR, {"gained": 1}),
        (BAR, "110022", {"split": 1}),
        ("110022", BAR, {"merged": 1}),
        ("111000", "000111", {"lost": 1, "gained": 1}),
        ("111100", "001111", {"lost": 1, "gained": 1}),
        (BAR, "110000", {"kept": (1 / 3,)}),
    ],
)
def test_each_fate(before, after, fate):
    """An object is kept, lost, gained, split or merged; half of the smaller one is not enough."""
    found = correspondence(drawn(before), drawn(after))
    usual = {"lost": 0, "gained": 0, "split": 0, "merged": 0, "kept": ()}
    assert {name: getattr(found, name) for name in usual} == usual | fate


def test_specks_are_no_objects():
    """What is smaller than an object, on either side, is neither gained nor a piece."""
    found = correspondence(drawn("111110", "000000"), drawn("111103", "200000"), 3)
    assert found == correspondence(drawn("111110"), drawn("111100"))


def test_there_and_back_exchanges_the_fates():
    """What is lost one way is gained the other, what is split is merged; IoUs are the same."""
    random = np.random.default_rng(2)
    one, other = (label(random.random((40, 40)) < 0.45, connectivity=1) for _ in range(2))
    there, back = correspondence(one, other), correspondence(other, one)
    assert (there.lost, there.split) == (back.gained, back.merged)
    assert sorted(there.kept) == sorted(back.kept)
    assert there.kept
