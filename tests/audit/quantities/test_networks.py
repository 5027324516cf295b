"""Laws of networks side by side: paired on the same images, and as unsure as their seeds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.quantities.networks import difference, value
from audit.quantities.quantity import Quantity
from audit.quantities.scatter import scatter
from audit.quantities.statistic import STATISTICS
from tests.audit.quantities.shown import BREAK, FALSE, SCORE, seen

LOST = Quantity(probe="shift.noise", metric="iou", at={"photons": 30.0}, against=("clean",))


@pytest.mark.parametrize("scope", ["here", "beyond"])
@pytest.mark.parametrize("asks", [SCORE, FALSE, BREAK])
def test_one_network_has_the_interval_that_a_rule_judges(asks, scope):
    """A table and a rule never tell two intervals of one number."""
    stream = np.random.default_rng(1)
    ladder = np.array([0.0, 0.05, 0.12, 0.3]) if asks is BREAK else np.array([0.5])
    groups = [f"movie {number // 5}" for number in range(20)]
    one = seen(ladder + stream.normal(0, 0.01, (20, 1)), groups, asks=asks)

    found = value([one], scope)

    ruled = STATISTICS[asks.statistic](one.evidence, asks, scope).estimate
    assert found.estimate.interval() == ruled.interval()


@pytest.mark.parametrize("asks", [SCORE, BREAK])
def test_equal_networks_differ_by_nothing(asks):
    """What agrees on every image differs by 0, or as a level by the factor 1, without error."""
    ladder = [0.0, 0.05, 0.12, 0.3] if asks is BREAK else [0.5]
    one = seen([ladder] * 8, asks=asks)

    found = difference([one], [one])

    assert found.value == (1.0 if asks is BREAK else 0.0)
    assert found.interval() == (found.value, found.value)


def test_frames_of_movies_are_two_questions():
    """Noise of four movies is a sure difference of these frames, and none of other movies."""
    groups = [f"movie {number // 10}" for number in range(40)]
    shift = np.repeat([0.05, -0.02, 0.06, 0.01], 10) + np.tile([0.001, -0.001], 20)
    base = np.full(40, 0.7)

    found = difference([seen(base + shift, groups)], [seen(base, groups)])

    assert found.here.doubt(0.0) < 0.001
    assert found.beyond.doubt(0.0) > 0.05
    low, high = found.elsewhere()
    assert low < 0 < found.interval()[0] < found.interval()[1] < high


def test_images_of_their_own_are_one_question():
    """Where every image is its own group nothing stands beside the interval."""
    base = np.linspace(0.5, 0.9, 12)
    found = difference([seen(base + 0.01)], [seen(base)])
    assert found.here.interval() == found.beyond.interval()
    assert found.elsewhere() is None


def test_one_movie_says_nothing_of_others():
    """However many frames it has and however far two networks lie apart."""
    first, second = (seen([v] * 5, ["m"] * 5) for v in (0.1, 0.9))
    found = difference([first], [second], "beyond")
    assert found.interval() is None
    assert found.here.interval() is not None


def test_recipes_share_what_is_known_of_their_scatter():
    """Three networks a recipe of four recipes know their scatter on eight degrees of freedom."""
    rows = [
        [seen([level + step] * 4) for step in (-0.1, 0.0, 0.1)] for level in (0.2, 0.4, 0.6, 0.8)
    ]
    found = scatter(rows)
    assert found.variance == pytest.approx(0.01)
    assert found.freedom == 8
    assert scatter([row[:1] for row in rows]) is None


@pytest.mark.parametrize("scope", ["here", "beyond"])
def test_seeds_widen_an_interval(scope):
    """The variances of images and of seeds add, known as well as the less known of the two."""
    base = np.linspace(0.5, 0.9, 12)
    many = [seen(base + step) for step in (-0.1, 0.0, 0.1)]
    error = np.hypot(base.std(ddof=1) / 12**0.5, 0.1 / 3**0.5)
    reach = stats.t.ppf(0.975, 2) * error
    assert value(many, scope).estimate.interval() == pytest.approx((0.7 - reach, 0.7 + reach))


def test_only_shared_images_are_compared():
    """An image that one network lacks says nothing of the other."""
    full, part = seen([0.9, 0.8, 0.7, 0.1]), seen([0.8, 0.7, 0.6])
    assert difference([full], [part]).value == pytest.approx(0.1)


def test_nothing_is_compared_that_nothing_shares():
    """Pixels that changed are another image, and without a common one there is no difference."""
    assert difference([seen([0.5] * 3)], [seen([0.5] * 3, digest="redrawn")]) is None


def test_a_ratio_is_of_sums():
    """False objects for each true one are all false ones by all true ones."""
    found = value([seen([1.0, 0.0, 0.0], weights=[1.0, 5.0, 14.0], asks=FALSE)])
    assert found.value == pytest.approx(1 / 20)


def test_no_event_is_no_certainty():
    """None among 30 is at most 3.7 / 30 (exact Poisson), of one network as of three."""
    nothing = seen([0.0] * 6, weights=[5.0] * 6, asks=FALSE)
    for many in (1, 3):
        assert value([nothing] * many).interval()[1] == pytest.approx(3.69 / 30, rel=0.01)


def test_a_breaking_point_is_compared_as_a_factor():
    """The factor between two networks is that of their levels, and its interval is positive."""
    early, late = [[0.0, 0.1, 0.2, 0.3]] * 8, [[0.0, 0.0, 0.05, 0.15]] * 8
    mine, other = (seen(drops, asks=BREAK) for drops in (late, early))
    found = difference([mine], [other])
    assert found.value == pytest.approx(value([mine]).value / value([other]).value)
    noisy = np.array(early) + np.random.default_rng(0).normal(0, 0.02, (8, 4))
    low, high = difference([mine], [seen(noisy, asks=BREAK)]).interval()
    assert 0 < low < found.value < high < 1


@pytest.mark.parametrize(
    ("asks", "ends"), [(SCORE, (0.0, 1.0)), (LOST, (-1.0, 1.0)), (FALSE, (0.0, float("inf")))]
)
def test_intervals_end_at_what_the_metric_can_be(asks, ends):
    """A share ends at 0 and 1, a loss of one at -1 and 1, a rate at 0; a difference at twice."""
    wild = np.array([1.0, -1.0, 1.0, -1.0]) if asks is LOST else np.array([1.0, 0.0, 1.0, 0.0])
    found = value([seen(wild, asks=asks)])
    low, high = found.interval()
    assert low >= ends[0]
    assert high <= ends[1]
    apart = difference([seen(wild, asks=asks)], [seen(wild[::-1], asks=asks)])
    assert (apart.low, apart.high) == (ends[0] - ends[1], ends[1] - ends[0])


def test_what_has_no_terms_has_no_difference():
    """A constant of a network is read, never compared."""
    reach = Quantity(probe="receptive_field.reach", metric="reach_px", statistic="census")
    one = seen([40.0], asks=reach)
    assert value([one, one]).value == 40.0
    assert difference([one], [one]) is None
