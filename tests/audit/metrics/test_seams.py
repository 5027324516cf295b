"""Laws of seams: found where tiles were put together, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from audit.metrics.seams import seams
from tests.suites.objects.test_controls import field


def tiled(numbers, tile: int):
    """Return objects numbered tile by tile, so that each tile's end cuts them."""
    rows, columns = np.indices(numbers.shape) // tile
    return np.where(numbers > 0, numbers + 1000 * (rows * 100 + columns), 0)


@pytest.mark.parametrize("tile", [40, 64, 100])
def test_every_seam_of_tiles_is_found_at_its_place(tile):
    """In a few crowded fields all lines between tiles are found, and no others."""
    images = [tiled(field(seed), tile) for seed in range(4)]
    found = {(one.axis, one.place) for one in seams(images)}
    places = range(tile, 160, tile)
    assert found == {(axis, place) for axis in "xy" for place in places}


def test_crowded_fields_without_seams_have_none():
    """Objects that touch one another everywhere end on no common line: in 100 fields none."""
    assert [seed for seed in range(100) if seams([field(seed)])] == []
    assert seams([field(seed) for seed in range(20)]) == []


def test_a_straight_side_between_two_cells_is_no_seam():
    """Two cells may touch along a straight line; only many at once make a seam."""
    pair = np.zeros((60, 60), int)
    pair[10:50, 10:30], pair[10:50, 30:50] = 1, 2
    assert seams([pair]) == []


def test_nothing_has_no_seam():
    """Empty images, images of one row, and no image at all."""
    assert seams([]) == seams([np.zeros((30, 30), int)]) == seams([np.ones((1, 30), int)]) == []
