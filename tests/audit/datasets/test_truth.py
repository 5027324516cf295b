"""Laws of truth beside a model: every class that a mask holds is one of the model's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.datasets.sample import Dataset
from audit.datasets.truth import check_known
from audit.errors import DataError
from audit.meaning import IGNORE, MOST_KEPT, MaskMeaning
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
        check_known(Dataset(samples=(*scenes(4), *bad)), 2)
    assert says in str(refused.value)
    assert "(bad0, bad1, bad2 and 5 more)" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_known_classes_absent_and_unreadable_masks_are_no_strangers():
    """A model of more classes may be held to fewer; what cannot be read is told at its turn."""
    three = held("three", np.zeros((1, 2, 8)), np.resize([0, 1, 2], (2, 8)))
    blank = replace(three, id="blank", mask=None)
    cut = replace(three, id="cut", mask=unreadable)
    check_known(Dataset(samples=(three, blank, cut, broken("bad"), *scenes(2))), 3)


def counted(mask, **meant):
    """Return a dataset of one mask (Y, X) whose numbers were counted as it was opened."""
    present = np.unique(mask).tolist()
    told = MaskMeaning(masks=1, numbers=tuple(present[:MOST_KEPT]), distinct=len(present), **meant)
    sample = held("one", np.zeros((1, *np.shape(mask))), mask)
    return Dataset(samples=(sample,), origin={"masks": told.facts()})


def never_read(dataset):
    """Return a dataset whose mask may not be asked for."""

    def read():
        raise AssertionError("the mask was read again")

    samples = tuple(replace(one, mask=read) for one in dataset.samples)
    return replace(dataset, samples=samples)


@pytest.mark.parametrize(
    ("numbers", "meant"),
    [
        ([0, 1, 2], {"kind": "classes"}),
        ([0, 9], {"kind": "classes", "mapping": {9: 2}}),
        ([0, 1, 255], {"kind": "classes", "mapping": {255: IGNORE}}),
        ([0, 40], {"kind": "instances"}),
        ([0, 255], {"kind": "binary"}),
    ],
)
def test_masks_that_were_counted_are_not_read_again(numbers, meant):
    """Where the count of a set leaves no class beyond the model's, no mask is read for it."""
    check_known(never_read(counted([numbers], **meant)), 3)


def test_a_class_that_was_counted_is_named_with_its_mask():
    """A count that holds a strange class is no answer yet: the masks that hold it are named."""
    with pytest.raises(DataError, match=r"1 of 1 masks \(one\) hold class 3"):
        check_known(counted([[0, 1, 3]], kind="classes"), 3)


def test_a_count_that_lists_not_every_number_is_no_answer():
    """Of very many numbers only the lowest are kept: the highest may still be a strange class."""
    many = [[*range(MOST_KEPT), MOST_KEPT + 40]]
    with pytest.raises(DataError, match=f"hold class {MOST_KEPT + 40}"):
        check_known(counted(many, kind="classes"), MOST_KEPT + 1)
