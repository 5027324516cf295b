"""A count that goes back is another training, a resumption, or a repetition."""

from __future__ import annotations

from audit.logs.attempt import attempts


def walk(*places, column="loss"):
    """Return the trainings of a log whose values are their order."""
    return attempts((float(at), {column: float(order)}) for order, at in enumerate(places))


def test_back_to_the_start_is_another_training():
    """An appended second training has curves of its own."""
    found = walk(0, 1, 2, 0, 1)
    assert [one.series["loss"].at for one in found] == [[0, 1, 2], [0, 1]]
    assert [one.series["loss"].values for one in found] == [[0, 1, 2], [3, 4]]


def test_back_a_little_is_resumed():
    """What was logged beyond the checkpoint is dropped, and the last values are kept."""
    (found,) = walk(0, 1, 2, 3, 4, 2, 3)
    series = found.series["loss"]
    assert (series.at, series.values) == ([0, 1, 2, 3], [0, 1, 5, 6])
    assert series.resumed == [(4, 2)]


def test_the_same_place_again_keeps_the_last():
    """A repeated place is counted."""
    (found,) = walk(0, 1, 1, 2)
    series = found.series["loss"]
    assert (series.values, series.repeated) == ([0, 2, 3], 1)


def test_a_rare_column_does_not_begin_a_training():
    """After a resumption the first value of a rare validation is no return to the start."""
    rows = [(float(at), {"loss": 1.0}) for at in (0, 1, 2, 3)]
    rows += [(3.0, {"val": 1.0}), (4.0, {"loss": 1.0}), (5.0, {"val": 1.0})]
    rows += [(2.0, {"loss": 2.0}), (3.0, {"loss": 2.0}), (3.0, {"val": 2.0})]
    (found,) = attempts(rows)
    assert found.series["loss"].at == [0, 1, 2, 3]
    assert (found.series["val"].at, found.series["val"].values) == ([3], [2])
