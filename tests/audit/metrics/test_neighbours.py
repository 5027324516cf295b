"""Laws of touching objects."""

from __future__ import annotations

import numpy as np
import pytest

from audit.metrics.neighbours import touching
from tests.audit.metrics.test_pairs import patches


@pytest.mark.parametrize("seed", range(30))
def test_touching_is_found_pixel_by_pixel(seed):
    """Two objects touch where a pixel of one is among the eight neighbours of the other's."""
    labels = patches(np.random.default_rng(seed), 9)
    known = set()
    for y, x in np.argwhere(labels > 0):
        around = labels[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
        for other in set(around[around > 0].tolist()) - {int(labels[y, x])}:
            known.add(tuple(sorted((int(labels[y, x]), other))))
    assert sorted(known) == [tuple(pair) for pair in touching(labels).tolist()]


def test_nothing_touches():
    """An image without objects, and one with objects apart, have no pairs."""
    apart = np.zeros((5, 5), int)
    assert touching(apart).shape == (0, 2)
    apart[0, 0], apart[2, 2] = 1, 2
    assert touching(apart).shape == (0, 2)
