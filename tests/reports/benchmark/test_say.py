"""Laws of the words of a benchmark: bounds are no values, and a sure difference never reads 0."""

from __future__ import annotations

import numpy as np
import pytest

from audit.quantities.networks import difference, value
from audit.quantities.summary import summary
from reports.benchmark import say
from reports.benchmark.column import quantity
from reports.benchmark.contrast import Compared
from tests.audit.quantities.shown import seen

BREAK, IOU, FALSE = quantity("noise_break"), quantity("iou"), quantity("false")


def said(wanted, values, *given):
    """Return the value and interval of a quantity as words."""
    many = [seen(values, *given, asks=wanted.asks)]
    found = summary(value(many), many)
    return say.value(wanted, found), say.within(wanted, found)


def compared(wanted, first, second):
    """Return a comparison of two networks, alone."""
    one, other = (seen(values, asks=wanted.asks) for values in (first, second))
    return Compared(
        row="b",
        against="a",
        quantity=wanted,
        answer=difference([one], [other]),
        better=one.better,
        held_to=0.05,
    )


@pytest.mark.parametrize(
    ("drops", "words"),
    [
        ([0.0, 0.0, 0.01, 0.05], ("not by 30 photons", "")),
        ([0.2, 0.3, 0.4, 0.5], ("already at 1000 photons", "")),
        ([0.0, 0.0, 0.1, 0.5], ("100 photons", "[100, 100]")),
    ],
)
def test_what_never_breaks_is_bounded_not_extrapolated(drops, words):
    """At an end of the axis the words say so, and no interval pretends to know more."""
    assert said(BREAK, [drops] * 9) == words


def test_shares_end_where_shares_end():
    """No interval of a share leaves 0 to 1, none of a difference -1 to 1, no amount is below 0."""
    assert said(IOU, [1.0, 1.0, 1.0, 0.4])[1].endswith(", 1.00]")
    assert said(FALSE, [0.0, 0.0, 0.0, 0.4])[1].startswith("[0.00, ")
    assert said(quantity("noise"), [-1.0, 1.0, 1.0, 1.0])[1].endswith(", 1.00]")
    assert said(quantity("void"), [-1.0, 1.0, -1.0, 1.0])[1] == "[\u22121.00, 1.00]"


def test_an_interval_ends_where_nothing_was_tried():
    """Beyond the levels of an axis there is no number, only the side."""
    drops = np.full((6, 4), [0.0, 0.05, 0.15, 0.3]) + np.linspace(-0.3, 0.3, 6)[:, None]
    assert said(BREAK, drops)[1] == "[< 30, > 1000]"


def test_what_no_share_can_differ_by_is_nothing():
    """Where less than the whole range would have been missed, nothing could have been seen."""
    shift = np.array([0.9, -0.9, 0.9, -0.9])
    one = compared(IOU, np.clip(shift, 0, 1), np.clip(-shift, 0, 1))
    assert one.seen_from > 1
    assert say.could(one) == "nothing"
    assert one.interval == (-1.0, 1.0)


def test_no_event_is_no_certainty():
    """None among 30 is at most 3.7 / 30 (exact Poisson), not surely nothing."""
    assert said(FALSE, [0.0] * 6, None, [5.0] * 6) == ("0.00", "[0.00, 0.12]")


def test_a_quantity_without_interval_has_none():
    """One image has a value and no brackets."""
    assert said(IOU, [0.5]) == ("0.50", "")


def test_other_movies_stand_beside():
    """Of four movies the interval for others is said, and it is the wider; of one there is none."""
    values = np.repeat([0.5, 0.6, 0.7, 0.8], 5) + np.tile([-0.01, 0.01, 0.0, 0.01, -0.01], 4)
    movies = [f"movie {number // 5}" for number in range(20)]
    assert said(IOU, values, movies)[1] == "[0.65, 0.65] (other movies [0.44, 0.86])"
    assert "other" not in said(IOU, values, ["movie"] * 20)[1]


def test_a_small_sure_difference_is_not_nought():
    """0.003 is written as such, with its sign and its interval."""
    one = compared(IOU, [0.503] * 9, [0.5] * 9)
    assert say.change(one) == "+0.003 [0.003, 0.003]"
    assert one.word == "better"


def test_what_neither_reaches_is_not_compared():
    """Two networks that do not break within the axis: what could have been seen is not known."""
    one = compared(BREAK, *[[[0.0, 0.0, 0.0, 0.01]] * 9] * 2)
    assert (one.word, say.could(one)) == ("", "\u2013")
