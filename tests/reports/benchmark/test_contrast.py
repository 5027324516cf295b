"""Laws of comparing networks: what is equal stays unmarked, what differs is found."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from reports.benchmark.column import QUANTITIES, quantity
from reports.benchmark.contrast import family
from reports.benchmark.level import difference, level, scatter
from tests.reports.benchmark.made import drawn, seen

SHARES = tuple(one for one in QUANTITIES if one.statistic == "mean" and one.better)[:5]
LADDER = quantity("noise_break")
IOU, FALSE = quantity("iou"), quantity("false")
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
        assert one.word == ("better" if one.quantity.better == "higher" else "worse")
        assert one.interval[0] < 0.1 < one.interval[1]


def test_a_family_asks_more_of_each_comparison():
    """The same difference has a wider interval beside others than alone."""
    table = drawn(np.random.default_rng(2), quantities=SHARES)
    (alone,) = family(table, "a", SHARES[:1])
    together = family(table, "a", SHARES)[0]
    assert together.estimate == alone.estimate
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


def test_movies_are_no_images():
    """Forty frames of four movies are worth four: noise of a movie is no difference."""
    groups = [f"movie {number // 10}" for number in range(40)]
    shift = np.repeat([0.05, -0.02, 0.06, 0.01], 10)
    base = np.full(40, 0.7)
    as_movies = difference(IOU, [seen(base + shift, groups)], [seen(base, groups)])
    as_images = difference(IOU, [seen(base + shift)], [seen(base)])
    assert as_images.doubt(0.0) < 0.001
    assert as_movies.doubt(0.0) > 0.05


def test_recipes_share_what_is_known_of_their_scatter():
    """Three networks a recipe of four recipes know their scatter on eight degrees of freedom."""
    rows = [
        [seen([level + step] * 4) for step in (-0.1, 0.0, 0.1)] for level in (0.2, 0.4, 0.6, 0.8)
    ]
    found = scatter(IOU, rows)
    assert found.variance == pytest.approx(0.01)
    assert found.freedom == 8
    assert scatter(IOU, [row[:1] for row in rows]) is None


def test_only_shared_images_are_compared():
    """An image that one network lacks says nothing of the other."""
    full, part = seen([0.9, 0.8, 0.7, 0.1]), seen([0.8, 0.7, 0.6])
    assert difference(IOU, [full], [part]).value == pytest.approx(0.1)


def test_nothing_is_compared_that_nothing_shares():
    """Without a common image there is no difference, rather than one of other images."""
    other = seen([0.5] * 3)
    elsewhere = seen([0.5] * 3)
    object.__setattr__(elsewhere, "images", ("x", "y", "z"))
    assert difference(IOU, [other], [elsewhere]) is None


def test_a_ratio_is_of_sums():
    """False objects for each true one are all false ones by all true ones."""
    found = level(FALSE, [seen([1.0, 0.0, 0.0], weights=[1.0, 5.0, 14.0])])
    assert found.value == pytest.approx(1 / 20)


def test_a_breaking_point_is_compared_as_a_factor():
    """A network that breaks at ten times less light is better by a factor of ten."""
    early = [[0.0, 0.1, 0.2, 0.3]] * 8
    late = [[0.0, 0.0, 0.05, 0.15]] * 8
    found = difference(LADDER, [seen(late)], [seen(early)])
    assert math.exp(found.value) == pytest.approx(math.exp(level(LADDER, [seen(late)]).value) / 300)
    noisy = np.array(early) + np.random.default_rng(0).normal(0, 0.01, (8, 4))
    (one,) = family(
        {"a": {LADDER.name: [seen(noisy)]}, "b": {LADDER.name: [seen(late)]}}, "a", [LADDER]
    )
    assert one.word == "better"


def test_too_short_a_movie_decides_nothing():
    """Five frames of one movie give no interval, hence no comparison."""
    table = {row: {"iou": [seen([v] * 5, ["m"] * 5)]} for row, v in (("a", 0.1), ("b", 0.9))}
    assert family(table, "a", [IOU]) == []


def test_what_is_ruled_out_is_told_from_what_was_not_seen():
    """A narrow interval rules a small difference out; a wide one does not."""
    values = np.linspace(0.5, 0.9, 12)
    tiny, wide = (np.tile([-one, one], 6) for one in (0.002, 0.1))
    for change, ruled_out in ((tiny, True), (wide, False)):
        (one,) = family(
            {"a": {"iou": [seen(values)]}, "b": {"iou": [seen(values + change)]}}, "a", [IOU]
        )
        assert (one.word, one.negligible) == ("", ruled_out)
