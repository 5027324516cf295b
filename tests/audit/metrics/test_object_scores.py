"""Laws of the object scores, each against its definition written out as loops over masks."""

from __future__ import annotations

import numpy as np
import pytest

from audit.metrics.object_scores import (
    LADDER,
    aggregated_jaccard,
    det,
    matching,
    mean_average_precision,
    seg,
)
from audit.metrics.pairs import pairs
from tests.audit.metrics.test_pairs import two

SEEDS = range(1000)


def masks(labels):
    """Return a mask an object."""
    return [labels == number for number in np.unique(labels) if number]


def iou(one, other) -> float:
    """Return the intersection over union of two masks."""
    return (one & other).sum() / (one | other).sum()


def table(truth, predicted):
    """Return the IoU of each true (row) with each predicted object."""
    rows = [[iou(one, other) for other in masks(predicted)] for one in masks(truth)]
    return np.array(rows).reshape(len(masks(truth)), len(masks(predicted)))


@pytest.mark.parametrize("seed", SEEDS[::10])
def test_matching_scores(seed):
    """Above one half each pair of enough IoU is a match: AP, F1, SQ and PQ follow from counting."""
    truth, predicted = two(seed)
    known, found = table(truth, predicted), pairs(truth, predicted)
    for least in LADDER[1:]:
        one, hits = matching(found, least), known[known >= least]
        misses, extra = (size - len(hits) for size in known.shape)
        assert one.average_precision.value == pytest.approx(
            len(hits) / (len(hits) + misses + extra)
        )
        halves = len(hits) + misses / 2 + extra / 2
        assert one.recognition.value == pytest.approx(len(hits) / halves)
        assert one.panoptic.value == pytest.approx(hits.sum() / halves)
        assert one.segmentation.value == (pytest.approx(hits.mean()) if len(hits) else None)


def test_panoptic_is_a_product():
    """PQ is SQ times RQ."""
    one = matching(pairs(*two(3)))
    assert one.panoptic.value == pytest.approx(one.segmentation.value * one.recognition.value)


@pytest.mark.parametrize("seed", SEEDS[::10])
def test_cell_tracking_scores(seed):
    """SEG and DET are what the challenge's rules give when they are followed mask by mask."""
    truth, predicted = two(seed)
    found, holders, scores = pairs(truth, predicted), [], []
    for one in masks(truth):
        over = [
            n for n, other in enumerate(masks(predicted)) if 2 * (one & other).sum() > one.sum()
        ]
        holders += over
        scores.append(iou(one, masks(predicted)[over[0]]) if over else 0.0)
    assert seg(found).value == pytest.approx(np.mean(scores))
    missed, splits = len(scores) - len(holders), len(holders) - len(set(holders))
    cost = 5 * splits + 10 * missed + len(masks(predicted)) - len(set(holders))
    assert det(found).value == pytest.approx(1 - min(cost, 10 * len(scores)) / (10 * len(scores)))


@pytest.mark.parametrize("seed", SEEDS[::10])
def test_aggregated_jaccard(seed):
    """AJI is the sum of shared pixels over the sum of unions, and of what was never taken."""
    truth, predicted = two(seed)
    shared = union = 0
    free = set(range(len(masks(predicted))))
    for one in masks(truth):
        over = [iou(one, other) for other in masks(predicted)]
        best = int(np.argmax(over))
        if not over[best]:
            union += one.sum()
            continue
        shared += (one & masks(predicted)[best]).sum()
        union += (one | masks(predicted)[best]).sum()
        free -= {best}
    union += sum(masks(predicted)[number].sum() for number in free)
    assert aggregated_jaccard(pairs(truth, predicted)).value == pytest.approx(shared / union)


def test_equal_to_published_code():
    """A thousand label pairs have the panoptic quality that cellseg-metrics gives.

    It asks for more than the threshold where we ask for at least as much.
    """
    published = pytest.importorskip("cellseg_metrics.functional", reason="not installed")
    for seed in SEEDS:
        truth, predicted = two(seed)
        ours = matching(pairs(truth, predicted), np.nextafter(0.5, 1)).panoptic.value
        assert ours == pytest.approx(published.panoptic_quality(truth, predicted)["pq"], abs=1e-6)


def test_what_no_object_says_is_no_number():
    """Without an object there is no score; with nothing true there is an AP of 0 and no SEG."""
    empty, one = np.zeros((5, 5), int), np.eye(5, dtype=int)
    nothing = pairs(empty, empty)
    assert matching(nothing).average_precision.value is None
    assert mean_average_precision(nothing) is seg(nothing).value is det(nothing).value is None
    invented = pairs(empty, one)
    assert mean_average_precision(invented) == 0.0
    assert seg(invented).value is None


def test_sums_over_images_make_a_data_set():
    """The shares of two images, added, are the share of both images side by side."""
    (one, other), (more, rest) = two(1), two(2)
    both = [
        np.hstack([a, np.zeros((20, 1), int), np.where(b, b + 50, 0)])
        for a, b in ((one, more), (other, rest))
    ]
    for score in (seg, aggregated_jaccard, lambda found: matching(found).panoptic):
        parts = [score(pairs(one, other)), score(pairs(more, rest))]
        whole = score(pairs(*both))
        assert whole.over == pytest.approx(sum(part.over for part in parts))
        assert whole.under == pytest.approx(sum(part.under for part in parts))
