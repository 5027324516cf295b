"""Laws of outlines: what is drawn is what was outlined, from corners or from centres."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from skimage.measure import find_contours

from audit.images.outlines import Outlines, Polygon, Runs, area

Y, X = np.mgrid[:40, :50]
DISC = (Y - 20) ** 2 + (X - 22) ** 2 < 81


@pytest.mark.parametrize("shift", [0, 0.5])
def test_a_traced_mask_is_drawn_back_exactly(shift):
    """An outline along pixels gives the same pixels, counted from their centres or corners."""
    traced = np.fliplr(find_contours(DISC.astype(float), 0.5)[0]) + shift
    assert np.array_equal(area(traced, DISC.shape), DISC)


def test_a_square_of_corners_holds_its_pixels():
    """An outline from corner (1, 1) to corner (4, 3) holds three columns of two rows."""
    inside = area(np.array([[1, 1], [4, 1], [4, 3], [1, 3]], float), (6, 6))
    assert inside.sum() == 6
    assert inside[1:3, 1:4].all()


def test_a_drawn_circle_covers_its_disc():
    """A smooth outline around a disc covers it to within its rim."""
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    drawn = area(np.c_[22.5 + 9 * np.cos(turn), 20.5 + 9 * np.sin(turn)], DISC.shape)
    assert (drawn & DISC).sum() / (drawn | DISC).sum() > 0.97


def test_objects_are_numbered_and_holes_are_empty():
    """Each object has its number, a hole is background, and runs go down the columns."""
    square = np.array([[0, 0], [6, 0], [6, 6], [0, 6]], float)
    hole = np.array([[2, 2], [4, 2], [4, 4], [2, 4]], float)
    objects = ((Polygon(square, (hole,)),), (Runs((81, 2, 7, 2)),))
    drawn = Outlines(path=Path("a"), image="a", shape=(10, 10), objects=objects).numbers()
    assert (drawn == 1).sum() == 32
    assert drawn[3, 3] == 0
    assert (drawn[1:3, 8] == 2).all()
    assert (drawn[0:2, 9] == 2).all()
