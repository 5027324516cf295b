"""Laws of the words of a benchmark: bounds are no values, and a sure difference never reads 0."""

from __future__ import annotations

import numpy as np
import pytest

from audit.metric import amount, change, share
from reports.benchmark import say
from reports.benchmark.column import quantity
from reports.benchmark.contrast import Contrast
from reports.benchmark.level import difference, level
from tests.reports.benchmark.made import seen

BREAK, IOU, FALSE = quantity("noise_break"), quantity("iou"), quantity("false")


def said(wanted, many):
    """Return the value and interval of a quantity as words."""
    found = level(wanted, [many])
    return say.value(wanted, found, [many]), say.within(wanted, found, [many])


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
    assert said(BREAK, seen([drops] * 9)) == words


def test_shares_end_where_shares_end():
    """No interval of a share leaves 0 to 1, none of a difference -1 to 1, no rate is below 0."""
    assert said(IOU, seen([1.0, 1.0, 1.0, 0.4]))[1].endswith(", 1.00]")
    rate = seen([0.0, 0.0, 0.0, 0.4], ends=FALSE.ends(amount("false_per_true", "false objects")))
    assert said(FALSE, rate)[1].startswith("[0.00, ")
    differ = quantity("void").ends(change("excess_fraction", "share beyond"))
    assert said(quantity("void"), seen([-1.0, 1.0, -1.0, 1.0], ends=differ))[1] == (
        "[\u22121.00, 1.00]"
    )


def test_the_ends_of_a_quantity_are_those_of_its_metric():
    """A loss of a share is in -1..1, an attack keeps no more than all, a level has no ends."""
    iou, kept = share("iou", "IoU"), amount("retention", "share that is kept")
    assert IOU.ends(iou) == (0.0, 1.0)
    assert quantity("noise").ends(iou) == (-1.0, 1.0)
    assert quantity("attack").ends(kept) == (0.0, 1.0)
    assert FALSE.ends(None) == (0.0, np.inf)
    assert BREAK.ends(iou) == IOU.ends(None) == (-np.inf, np.inf)


def test_an_interval_ends_where_nothing_was_tried():
    """Beyond the levels of an axis there is no number, only the side."""
    drops = np.full((6, 4), [0.0, 0.05, 0.15, 0.3]) + np.linspace(-0.3, 0.3, 6)[:, None]
    assert said(BREAK, seen(drops))[1] == "[< 30, > 1000]"


def test_what_no_share_can_differ_by_is_nothing():
    """Where less than the whole range would have been missed, nothing could have been seen."""
    shift = np.array([0.9, -0.9, 0.9, -0.9])
    first, second = seen(np.clip(shift, 0, 1)), seen(np.clip(-shift, 0, 1))
    found = difference(IOU, [first], [second])
    one = Contrast(row="b", against="a", quantity=IOU, estimate=found, held_to=0.05, reach=1.0)
    assert one.seen_from > 1
    assert say.could(one) == "nothing"
    assert one.interval == (-1.0, 1.0)


def test_no_event_is_no_certainty():
    """None among 30 is at most 3.7 / 30 (exact Poisson), not surely nothing."""
    nothing = seen([0.0] * 6, weights=[5.0] * 6)
    assert said(FALSE, nothing) == ("0.00", "[0.00, 0.12]")
    several = level(FALSE, [nothing] * 3)
    assert several.interval()[1] == pytest.approx(3.69 / 30, rel=0.01)


def test_a_quantity_without_interval_has_none():
    """Three frames of one movie have a mean and no brackets."""
    assert said(IOU, seen([0.5] * 3, ["movie"] * 3)) == ("0.50", "")


def test_a_small_sure_difference_is_not_nought():
    """0.003 is written as such, with its sign and its interval."""
    first, second = seen([0.503] * 9), seen([0.5] * 9)
    found = difference(IOU, [first], [second])
    one = Contrast(row="b", against="a", quantity=IOU, estimate=found, held_to=0.05)
    assert say.change(one) == "+0.003 [0.003, 0.003]"
    assert one.word == "better"


def test_what_neither_reaches_is_not_compared():
    """Two networks that do not break within the axis: what could have been seen is not known."""
    first, second = (seen([[0.0, 0.0, 0.0, 0.01]] * 9) for _ in range(2))
    found = difference(BREAK, [first], [second])
    one = Contrast(row="b", against="a", quantity=BREAK, estimate=found, held_to=0.05)
    assert (one.word, say.could(one)) == ("", "\u2013")
