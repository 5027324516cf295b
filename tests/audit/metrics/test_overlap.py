"""Laws of overlap: the numbers of other people's implementations, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial import distance

from audit.errors import DataError, ModelError
from audit.metrics.overlap import confusion, region
from audit.models.segmenter import Prediction
from audit.probing.case import Block, Case
from suites.pipeline.score import Score
from tests.toys import Tiny, audit_of, held, segmenter


def labels(classes: int, seed: int):
    """Return random truth and prediction that agree in part."""
    stream = np.random.default_rng(seed)
    truth = stream.integers(0, classes, (37, 41))
    guess = np.where(stream.random(truth.shape) < 0.6, truth, stream.permutation(truth))
    return truth, guess


def scored(truth, guess, classes: int, **given):
    """Return the rows of one image's prediction, by metric and condition."""
    sample = held("s", truth[None], truth)
    case = Case(
        audit_of(segmenter(Tiny(classes), classes=classes), (sample,)),
        "audited",
        Score(),
        Block((sample,)),
        lambda _: (),
    )
    prediction = Prediction(labels=torch.from_numpy(guess)[None])
    rows = case.score(case.images, prediction)
    return {(row.metric, *row.at.values()): row for row in rows}


@pytest.mark.parametrize("seed", range(5))
def test_two_classes_agree_with_scipy(seed):
    """IoU and Dice are one less scipy's Jaccard and Dice dissimilarities, to 1e-9."""
    truth, guess = labels(2, seed)
    a, b = truth.ravel() > 0, guess.ravel() > 0
    rows = scored(truth, guess, 2)
    assert rows["iou",].value == pytest.approx(1 - distance.jaccard(a, b), abs=1e-9)
    assert rows["dice",].value == pytest.approx(1 - distance.dice(a, b), abs=1e-9)
    assert rows["recall",].value == pytest.approx((a & b).sum() / a.sum(), abs=1e-9)


@pytest.mark.parametrize("classes", [3, 5, 12])
def test_many_classes_agree_with_numpy(classes):
    """Each class's IoU, and that of the foreground, are the set operations of numpy, to 1e-9."""
    truth, guess = labels(classes, 3)
    rows = scored(truth, guess, classes)
    for number in range(1, classes):
        a, b = truth == number, guess == number
        row = rows["class_iou", number]
        assert row.value == pytest.approx(
            np.logical_and(a, b).sum() / np.logical_or(a, b).sum(), abs=1e-9
        )
        assert row.weight == np.logical_or(a, b).sum()
    # Foreground is every class but the first; which of them is another question.
    a, b = truth > 0, guess > 0
    assert rows["iou",].value == pytest.approx(1 - distance.jaccard(a.ravel(), b.ravel()), abs=1e-9)


@pytest.mark.parametrize("classes", [2, 4])
def test_confusion_agrees_with_numpy(classes):
    """Counts are those of numpy's two-dimensional histogram, truth in rows."""
    truth, guess = labels(classes, 1)
    bins = np.arange(classes + 1)
    expected, *_ = np.histogram2d(truth.ravel(), guess.ravel(), (bins, bins))
    counts = confusion(torch.from_numpy(guess), torch.from_numpy(truth), classes)
    assert np.array_equal(counts, expected)


def test_weights_pool_to_the_dataset():
    """Sum of value times weight over sum of weights is the IoU of all pixels together."""
    pairs = [labels(2, seed) for seed in range(4)]
    rows = [scored(truth, guess, 2)["iou",] for truth, guess in pairs]
    pooled = sum(r.value * r.weight for r in rows) / sum(r.weight for r in rows)
    a, b = (np.concatenate([pair[i].ravel() > 0 for pair in pairs]) for i in (0, 1))
    assert pooled == pytest.approx(1 - distance.jaccard(a, b), abs=1e-9)


EMPTY, FULL = np.zeros((4, 4), int), np.ones((4, 4), int)


@pytest.mark.parametrize(
    ("truth", "guess", "iou", "recall", "rejection"),
    [
        (EMPTY, EMPTY, None, None, 1.0),
        (EMPTY, FULL, 0.0, None, 0.0),
        (FULL, EMPTY, 0.0, 0.0, None),
        (FULL, FULL, 1.0, 1.0, None),
    ],
)
def test_empty_images_have_a_stated_value(truth, guess, iou, recall, rejection):
    """Where there is nothing and nothing is found IoU is undefined, with a reason and no weight."""
    rows = scored(truth, guess, 2)
    assert rows["iou",].value == iou
    assert rows["recall",].value == recall
    assert (rows["iou",].undefined is None) == (iou is not None)
    assert iou is not None or rows["iou",].weight == 0
    found = rows.get(("correct_rejection",))
    assert (None if found is None else found.value) == rejection


def test_sparse_truth_has_recall_only():
    """Where the truth is partial, what counts false positives is undefined with that reason."""
    truth, guess = labels(2, 0)
    sample = held("s", truth[None], truth)
    object.__setattr__(sample, "complete", False)
    case = Case(
        audit_of(segmenter(Tiny()), (sample,)), "audited", Score(), Block((sample,)), lambda _: ()
    )
    prediction = Prediction(labels=torch.from_numpy(guess)[None])
    rows = {row.metric: row for row in case.score(case.images, prediction)}
    assert rows["iou"].undefined == rows["dice"].undefined is not None
    assert "only part of the objects" in rows["iou"].undefined
    assert rows["recall"].value is not None
    assert "correct_rejection" not in rows


def test_classes_out_of_range_are_refused():
    """A class beyond the model's is an error that names it, never a count of another class."""
    good, high, low = (torch.tensor([[0, 1]]), torch.tensor([[0, 2]]), torch.tensor([[-2, 0]]))
    with pytest.raises(DataError, match="mask holds class 2"):
        confusion(good, high, 2)
    with pytest.raises(ModelError, match="prediction holds class 2"):
        confusion(high, good, 2)
    with pytest.raises(DataError, match="mask holds class -2"):
        confusion(good, low, 2)


def test_a_region_is_the_union_of_its_classes():
    """Confusing two classes inside a region costs nothing."""
    counts = [[5, 1, 1], [1, 3, 2], [0, 4, 6]]
    whole = region(counts, range(1, 3))
    assert (whole.intersection, whole.truth, whole.predicted) == (15, 16, 17)
