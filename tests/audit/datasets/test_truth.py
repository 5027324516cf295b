"""Laws of truth beside a model: every class that a mask holds is one of the model's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.datasets.truth import check_known
from audit.errors import DataError
from tests.audit.runs import broken
from tests.toys import held, scenes


def unreadable():
    """Raise what a mask that is cut short raises."""
    raise DataError("the file is cut short")


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ((2,), "hold class 2, but the model has 2 classes, 0 to 1; say --classes"),
        ((2, 3, 4, 5, 9), "hold class 2, 3, 4 and 2 more, but"),
        ((-2, 1), "hold class -2, but"),
    ],
)
def test_masks_with_strange_classes_are_counted_and_named(numbers, says):
    """All are counted, the first are named with the classes that the model lacks, in one line."""
    bad = [held(f"bad{n}", np.zeros((1, 2, 8)), np.resize(numbers, (2, 8))) for n in range(8)]
    with pytest.raises(DataError, match="8 of 12 masks") as refused:
        check_known((*scenes(4), *bad), 2)
    assert says in str(refused.value)
    assert "(bad0, bad1, bad2 and 5 more)" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_known_classes_absent_and_unreadable_masks_are_no_strangers():
    """A model of more classes may be held to fewer; what cannot be read is told at its turn."""
    three = held("three", np.zeros((1, 2, 8)), np.resize([0, 1, 2], (2, 8)))
    blank = replace(three, id="blank", mask=None)
    cut = replace(three, id="cut", mask=unreadable)
    check_known((three, blank, cut, broken("bad"), *scenes(2)), 3)
