"""Laws of the ledger: planted edits come back as their fates, and fates reconcile."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from audit.meaning import IGNORE
from audit.metrics.ledger import Fate, ledger
from audit.metrics.pairs import pairs
from tests.audit.metrics.test_pairs import two

CELL = 24
"""The side in px of a square that holds one planted object, or two that touch."""


def drawn(*rows: str):
    """Return object numbers from rows of digits."""
    return np.array([[int(one) for one in row] for row in rows])


def ellipse(stream, side: int = CELL):
    """Return an ellipse well inside a square."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    tall, wide = stream.uniform(6, 8.5, 2)
    return (y / tall) ** 2 + (x / wide) ** 2 <= 1


def missed(stream):
    """Plant one true object, and nothing predicted."""
    return ellipse(stream) * 1, ellipse(stream) * 0, [Fate.MISSED], []


def invented(stream):
    """Plant nothing true, and one predicted object."""
    return ellipse(stream) * 0, ellipse(stream) * 1, [], [Fate.INVENTED]


def merged(stream):
    """Plant two true objects that touch, of unequal size, predicted as one."""
    whole, cut = ellipse(stream), stream.integers(9, 15)
    both = whole * np.where(np.arange(CELL) < cut, 1, 2)
    return both, whole * 1, [Fate.MERGED] * 2, [Fate.MERGED]


def split(stream):
    """Plant one true object, predicted as two that touch, of unequal size."""
    whole, parts, *_ = merged(stream)
    return parts, whole, [Fate.SPLIT], [Fate.SPLIT] * 2


def shifted(stream):
    """Plant an object beside its place by less than half of it: kept, else a wobble."""
    one = ellipse(stream) * 1
    return same(one, np.roll(one, stream.integers(1, 5), 1))


def grown(stream):
    """Plant an object that is much too small or too large."""
    one = ellipse(stream)
    y, x = np.mgrid[:CELL, :CELL] - (CELL - 1) / 2
    core = y**2 + x**2 <= stream.uniform(9, 16)
    return same(one * 1, core * 1) if stream.random() < 0.5 else same(core * 1, one * 1)


def same(one, other):
    """Return an object and how it is predicted, with the fate that their IoU, by hand, tells."""
    iou = ((one > 0) & (other > 0)).sum() / ((one > 0) | (other > 0)).sum()
    fate = [Fate.KEPT if iou >= 0.5 else Fate.WOBBLE]
    return one, other, fate, fate


EDITS = (missed, invented, merged, split, shifted, grown)


@pytest.mark.parametrize("seed", range(20))
def test_planted_edits_come_back(seed):
    """Of a hundred squares with an edit each, every object has the fate that was planted."""
    stream = np.random.default_rng(seed)
    numbers = stream.permutation(np.arange(1, 1000))
    truth, predicted = (np.zeros((10 * CELL, 10 * CELL), int) for _ in range(2))
    true_fates, fates = {}, {}
    for place, edit in enumerate(stream.choice(EDITS, 100)):
        there = slice_of(place)
        one, other, of_true, of_predicted = edit(stream)
        for labels, part, wanted, told in (
            (truth, one, true_fates, of_true),
            (predicted, other, fates, of_predicted),
        ):
            for number, fate in enumerate(told, 1):
                name = int(numbers[2 * place + number])
                labels[there][part == number] = name
                wanted[name] = fate
    found = ledger(truth, predicted)
    told = dict(zip(found.pairs.true.numbers.tolist(), found.true_fates, strict=True))
    assert told == true_fates
    told = dict(zip(found.pairs.predicted.numbers.tolist(), found.predicted_fates, strict=True))
    assert told == fates


def slice_of(place: int):
    """Return where the square of a place lies."""
    row, column = divmod(place, 10)
    return np.s_[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL]


@pytest.mark.parametrize("seed", range(100))
def test_fates_reconcile(seed):
    """Each object has one fate; kept and wobbling objects stand on both sides in equal number."""
    truth, predicted = two(seed)
    found = ledger(truth, predicted)
    of_true, of_predicted = found.of_true, found.of_predicted
    assert of_true.total() == len(found.pairs.true)
    assert of_predicted.total() == len(found.pairs.predicted)
    for fate in (Fate.KEPT, Fate.WOBBLE):
        assert of_true[fate] == of_predicted[fate]
    assert Fate.INVENTED not in of_true
    assert Fate.MISSED not in of_predicted
    assert bool(of_true[Fate.MERGED]) == bool(of_predicted[Fate.MERGED])


@pytest.mark.parametrize("seed", range(20))
def test_numbers_mean_nothing(seed):
    """Other numbers for the same objects leave the counts of fates as they are."""
    truth, predicted = two(seed)
    shuffled = np.concatenate([[0], np.random.default_rng(seed).permutation(60) + 7])
    assert ledger(truth, predicted).of_true == ledger(shuffled[truth], shuffled[predicted]).of_true


@pytest.mark.parametrize(
    ("truth", "predicted", "of_true", "of_predicted"),
    [
        pytest.param("1011", "1011", {"kept": 1}, {"kept": 1}, id="one object in two pieces"),
        pytest.param("1011", "1022", {"split": 1}, {"split": 2}, id="its pieces told apart"),
        pytest.param("0000", "0110", {}, {"invented": 1}, id="empty truth"),
        pytest.param("0000", "0000", {}, {}, id="nothing at all"),
        pytest.param("1122", "1111", {"merged": 2}, {"merged": 1}, id="touching"),
    ],
)
def test_odd_labels(truth, predicted, of_true, of_predicted):
    """Pieces, touching objects and empty images have the fates that a person would give them."""
    framed = [np.pad(drawn(one), 1) for one in (truth, predicted)]
    found = ledger(*framed)
    assert found.of_true == Counter(of_true)
    assert found.of_predicted == Counter(of_predicted)


def test_one_object_inside_another():
    """A nucleus drawn inside of a cell keeps its fate, and the cell its own."""
    truth = np.pad(drawn("1111", "1221", "1221", "1111"), 1)
    assert ledger(truth, truth).of_true == Counter({"kept": 2})
    assert ledger(truth, (truth > 0) * 1).of_true == Counter({"merged": 2})


def test_only_slivers_are_cut():
    """At the frame's edge a missed sliver is cut; half of an object is missed like any other."""
    truth = np.zeros((30, 30), int)
    truth[10:20, 10:20], truth[0:2, 0:8], truth[0:6, 20:30] = 1, 2, 3
    found = ledger(truth, np.zeros_like(truth))
    assert found.true_fates == (Fate.MISSED, Fate.CUT, Fate.MISSED)
    assert ledger(np.where(truth == 2, 0, truth), truth).predicted_fates[1] == Fate.CUT


def test_what_nobody_judged_is_outside():
    """A prediction without partner is outside where the truth is sparse or ignores the place."""
    truth, predicted = np.zeros((9, 9), int), np.zeros((9, 9), int)
    truth[:, 5:], predicted[2:4, 2:4], predicted[2:4, 6:8] = IGNORE, 1, 2
    assert ledger(truth, predicted).predicted_fates == (Fate.INVENTED, Fate.OUTSIDE)
    assert set(ledger(truth, predicted, complete=False).predicted_fates) == {Fate.OUTSIDE}


def test_the_threshold_tells_kept_from_wobble():
    """An IoU at the threshold is kept, one below it wobbles."""
    truth, predicted = np.pad(drawn("1111"), 1), np.pad(drawn("1100"), 1)
    assert pairs(truth, predicted).iou.tolist() == [0.5]
    assert ledger(truth, predicted).true_fates == (Fate.KEPT,)
    assert ledger(truth, predicted, least_iou=0.6).true_fates == (Fate.WOBBLE,)
