"""Laws of comparing networks: what is equal stays unmarked, what differs is found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from reports.benchmark.column import QUANTITIES, quantity
from reports.benchmark.contrast import family
from tests.audit.quantities.shown import seen
from tests.reports.benchmark.made import drawn

SHARES = tuple(one for one in QUANTITIES if one.asks.statistic == "mean")[:5]
LADDER, IOU, REACH = quantity("noise_break"), quantity("iou"), quantity("reach")
LESS = {"calibration", "noise", "blur", "gamma"}
"""Of which less is better: an error, and losses."""
DRAWS = 100


@pytest.mark.parametrize(
    "given",
    [
        {"images": 9},
        {"images": 6},
        {"images": 9, "seeds": 3, "scatter": 0.05},
        {"images": 9, "seeds": 2, "scatter": 0.02},
        {"images": 24, "groups": [f"movie {number // 6}" for number in range(24)]},
    ],
)
def test_equal_networks_are_left_unmarked(given):
    """Among networks that differ by chance alone 95 % of all benchmarks set no mark.

    So few are drawn that chance is allowed for: more marks come once in a hundred such tests.
    """
    stream = np.random.default_rng(3)
    marked = 0
    for _ in range(DRAWS):
        table = drawn(stream, quantities=SHARES, **given)
        marked += any(one.sure for one in family(table, "a", SHARES))
    assert marked <= binom.ppf(0.99, DRAWS, 0.05)


@pytest.mark.parametrize("seeds", [1, 3])
def test_a_planted_difference_is_found(seeds):
    """A gain of 0.1 is marked better where more is better, worse where less is, in every quantity.

    The interval holds the planted difference.
    """
    table = drawn(np.random.default_rng(1), quantities=SHARES, better=0.1, seeds=seeds)
    found = family(table, "a", SHARES)
    assert len(found) == len(SHARES)
    for one in found:
        assert one.word == ("worse" if one.quantity.name in LESS else "better")
        assert one.interval[0] < 0.1 < one.interval[1]


def test_a_family_asks_more_of_each_comparison():
    """The same difference has a wider interval beside others than alone."""
    table = drawn(np.random.default_rng(2), quantities=SHARES)
    (alone,) = family(table, "a", SHARES[:1])
    together = family(table, "a", SHARES)[0]
    assert together.answer.here == alone.answer.here
    assert together.held_to < alone.held_to
    assert together.seen_from > alone.seen_from


def test_seeds_that_scatter_hide_a_difference():
    """What one network a side calls sure, networks that scatter more than they differ do not."""
    values = np.linspace(0.5, 0.9, 12)
    one = [seen(values), seen(values + 0.06 + np.tile([-0.01, 0.01], 6))]
    lone = family({"a": {"iou": one[:1]}, "b": {"iou": one[1:]}}, "a", [IOU])
    many = {
        "a": {"iou": [seen(values)] * 3},
        "b": {"iou": [seen(values + shift) for shift in (0.06, -0.1, 0.2)]},
    }
    assert [c.word for c in lone] == ["better"]
    assert [c.word for c in family(many, "a", [IOU])] == [""]


def test_a_breaking_point_is_compared_as_a_factor():
    """A network that breaks at a third of the light is better, for less light is less asked."""
    early = np.array([0.0, 0.1, 0.2, 0.3]) + np.random.default_rng(0).normal(0, 0.01, (8, 4))
    late = [[0.0, 0.0, 0.05, 0.15]] * 8
    table = {
        row: {LADDER.name: [seen(drops, asks=LADDER.asks)]}
        for row, drops in (("a", early), ("b", late))
    }
    (one,) = family(table, "a", [LADDER])
    assert one.word == "better"
    assert 0 < one.interval[0] < one.value < one.interval[1] < 1


def test_one_frame_decides_nothing():
    """A single image gives no interval, hence no comparison, and takes no share of the risk."""
    table = {row: {"iou": [seen([v])]} for row, v in (("a", 0.1), ("b", 0.9))}
    assert family(table, "a", [IOU]) == []


def test_what_has_no_direction_is_not_compared():
    """How far a network sees is neither good nor bad."""
    table = {row: {REACH.name: [seen([v], asks=REACH.asks)]} for row, v in (("a", 9), ("b", 90))}
    assert family(table, "a", [REACH]) == []
