"""Each rule on objects: a planted flaw of a decoder that it must fail, and a healthy twin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from audit.metrics.neighbours import touching
from audit.models.handed import take
from audit.policy.verdict import Verdict
from audit.probing.catalog import Catalog
from tests.toys import audit_of, held, judged_of

SIDE, IMAGES = 160, 10
STEP = 10.0
"""An object of number n has intensity n times so much: a decoder reads truth from the image."""


def field(seed: int):
    """Return discs of many sizes, of which neighbours touch and none overlaps; numbered."""
    stream = np.random.default_rng(seed)
    places = stream.uniform(0, SIDE, (60, 2))
    radii = stream.uniform(5, 12, 60)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(rows[..., None] - places[:, 0], columns[..., None] - places[:, 1]) / radii
    numbers = np.where(away.min(-1) < 1, 1 + away.argmin(-1), 0)
    return ndimage.median_filter(numbers, 3).astype(np.int32)


FIELDS = tuple(field(seed) for seed in range(IMAGES))


def image(number: int):
    """Return a numbered field as a sample whose image tells the numbers."""
    truth = FIELDS[number]
    whole = held(f"{number}", truth[None] * STEP, (truth > 0) * 1)
    return replace(whole, instances=truth.copy)


def drawn_otherwise(numbers):
    """Return objects as a good annotator draws them: here and there a pixel more or less."""
    return ndimage.median_filter(numbers, 3)


def merged(numbers):
    """Return objects of which those that touch are one."""
    return ndimage.label(numbers > 0)[0]


def split(numbers):
    """Return objects of which every second one is cut in two halves."""
    rows = np.arange(len(numbers))[:, None]
    centre = np.zeros(numbers.max() + 1)
    for number in np.unique(numbers)[1:]:
        centre[number] = np.nonzero(numbers == number)[0].mean()
    lower = (rows > centre[numbers]) & (numbers % 2 == 1)
    return np.where(lower, numbers + 1000, numbers)


def without_small(numbers):
    """Return objects without those of less than the median area."""
    areas = np.bincount(numbers.ravel())
    return np.where(areas[numbers] < np.median(areas[1:][areas[1:] > 0]), 0, numbers)


def without_edge(numbers):
    """Return objects without those that touch the frame."""
    edge = np.unique(np.concatenate([numbers[0], numbers[-1], numbers[:, 0], numbers[:, -1]]))
    return np.where(np.isin(numbers, edge), 0, numbers)


def with_specks(numbers):
    """Return objects with small ones more, wherever there is room."""
    free = ndimage.distance_transform_edt(numbers == 0)
    found = numbers.copy()
    peaks = (free == ndimage.maximum_filter(free, 5)) & (free > 2)
    for extra, (row, column) in enumerate(np.argwhere(peaks), 2000):
        found[row - 1 : row + 2, column - 1 : column + 2] = extra
    return found


def grown(numbers):
    """Return objects that are two pixels wider wherever there is room."""
    away, places = ndimage.distance_transform_edt(numbers == 0, return_indices=True)
    return np.where(away <= 2, numbers[tuple(places)], 0)


def verdicts(decode):
    """Return what the rules on objects say of a model that reads truth and decodes it so."""

    def model(image):
        return decode(np.rint(image / STEP).astype(np.int32)).astype(np.int32)

    samples = tuple(image(number) for number in range(IMAGES))
    audit = audit_of(take(model, output="objects"), samples, task="instance")
    return judged_of(audit, Catalog.installed().select(["objects"]))


def test_there_are_touching_pairs_and_objects_at_the_frame():
    """The scene holds what the flaws are about."""
    assert min(len(touching(one)) for one in FIELDS) > 5
    assert min((without_edge(one) != one).sum() for one in FIELDS) > 0


@pytest.mark.parametrize("healthy", [np.array, drawn_otherwise])
def test_healthy_twins_are_left_alone(healthy):
    """Who draws objects as they are, or nearly, is failed and warned by no rule."""
    found = verdicts(healthy)
    accusing = (Verdict.FAIL, Verdict.WARN)
    assert [one.because for one in found.values() if one.verdict in accusing] == []
    assert sum(one.verdict is Verdict.PASS for one in found.values()) >= len(found) - 2


@pytest.mark.parametrize(
    ("flaw", "rule", "verdict"),
    [
        (merged, "merged objects", Verdict.FAIL),
        (merged, "merged pairs", Verdict.WARN),
        (merged, "counted too few", Verdict.FAIL),
        (merged, "measured too large property=area", Verdict.WARN),
        (split, "split objects", Verdict.FAIL),
        (split, "counted too many", Verdict.FAIL),
        (split, "measured too small property=area", Verdict.WARN),
        (without_small, "small objects missed", Verdict.FAIL),
        (without_small, "missed objects", Verdict.FAIL),
        (without_edge, "objects at the frame missed", Verdict.FAIL),
        (with_specks, "invented objects", Verdict.FAIL),
        (grown, "measured too large property=area", Verdict.WARN),
    ],
)
def test_a_planted_flaw_is_found_by_the_rule_named_for_it(flaw, rule, verdict):
    """Every flaw of a decoder is told by name."""
    assert verdicts(flaw)[rule].verdict is verdict
