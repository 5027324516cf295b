"""Trainings that follow one another in a log: which goes on from the one before it."""

from __future__ import annotations

import numpy as np
import pytest

from audit.logs.open import open_log


def logged(path, *courses):
    """Return the runs of a log in which each course begins at epoch 0."""
    rows = [f"{n},{one:.5f}" for course in courses for n, one in enumerate(course)]
    path.write_text("epoch,loss\n" + "\n".join(rows) + "\n")
    return open_log(path).runs


WHOLE = 0.1 + np.exp(-np.arange(60) / 15)


@pytest.mark.parametrize(
    ("second", "continues"),
    [(WHOLE[30:], True), (WHOLE[:30], False), (WHOLE[:30] + 0.1, False), (3 * WHOLE[30:], False)],
)
def test_a_count_that_begins_anew_may_go_on_with_the_training(tmp_path, second, continues):
    """A training goes on where its first loss is that at which the one before it ended."""
    first, other = logged(tmp_path / "log.csv", WHOLE[:30], second)
    assert (first.continues, other.continues) == (False, continues)


def test_of_three_each_is_held_against_the_one_before_it(tmp_path):
    """The third goes on from the second, which began from nothing."""
    found = logged(tmp_path / "log.csv", WHOLE[:30], WHOLE[:30], WHOLE[30:])
    assert [one.continues for one in found] == [False, False, True]
