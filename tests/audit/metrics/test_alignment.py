"""Laws of shifted overlap: equal to brute force at every shift."""

from __future__ import annotations

import numpy as np
import pytest

from audit.metrics.alignment import shifted


def brute(truth, predicted, dy, dx):
    """Return the four counts at one shift, pixel by pixel of the field that is still covered."""
    height, width = truth.shape
    counts = np.zeros(4, int)
    for y in range(height):
        for x in range(width):
            if 0 <= y - dy < height and 0 <= x - dx < width:
                true, still, moved = truth[y, x], predicted[y, x], predicted[y - dy, x - dx]
                counts += [true & moved, true | moved, true & still, true | still]
    return counts.tolist()


@pytest.mark.parametrize("shape", [(9, 13), (12, 7)])
def test_every_shift_is_exact(shape):
    """All counts agree with brute force, to the pixel, for every shift within the radius."""
    random = np.random.default_rng(1)
    truth, predicted = random.random((2, *shape)) < 0.4
    found = shifted(truth, predicted, 3)
    for dy in range(-3, 4):
        for dx in range(-3, 4):
            here = [
                one[dy + 3, dx + 3]
                for one in (
                    found.moved_intersection,
                    found.moved_union,
                    found.still_intersection,
                    found.still_union,
                )
            ]
            assert here == brute(truth, predicted, dy, dx)


def test_a_moved_copy_is_found():
    """The truth moved by (5, -3) is best moved back, and gains what it lost."""
    truth = np.zeros((60, 50), bool)
    truth[20:35, 15:30] = True
    found = shifted(truth, np.roll(truth, (5, -3), (0, 1)), 8)
    assert found.best() == found.best(3.0) == (-5, 3)
    lost = 10 * 12 / (2 * 225 - 10 * 12)
    assert found.gained((-5, 3)) == pytest.approx(1 - lost)
    assert found.gained((0, 0)) == 0


def test_ties_go_to_the_shortest_shift():
    """Where every shift is as good, none is best; a least length is kept."""
    everything = np.ones((20, 20), bool)
    found = shifted(everything, everything, 4)
    assert found.best() == (0, 0)
    assert np.hypot(*found.best(2.0)) == 2


def test_where_nothing_is_left_nothing_is_gained():
    """A shift that pushes all foreground out of the field is never best."""
    truth = np.zeros((20, 20), bool)
    truth[0, 0] = True
    assert shifted(truth, truth, 4).gained((2, 2)) == -1
