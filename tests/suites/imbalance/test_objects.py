"""Laws of imbalance.objects: every object once, its own share and its own size."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from suites.imbalance.objects import Objects
from tests.toys import held, raw_threshold, rows_of


def test_each_object_has_its_share_and_its_diameter():
    """Half of one object and all of the other are bright: recalls of one half and one."""
    mask = np.zeros((16, 16), int)
    mask[2:6, 2:6], mask[9:15, 9:15] = 1, 1
    image = np.where(mask > 0, 180.0, 100.0)
    image[2:4, 2:6] = 100.0
    rows = rows_of(Objects(), raw_threshold(), (held("one", image[None], mask),))
    value = {(row.metric, row.at["object"]): (row.value, row.weight) for row in rows}
    assert value["object_recall", 1] == (0.5, 16.0)
    assert value["object_recall", 2] == (1.0, 36.0)
    assert value["diameter_px", 2][0] == pytest.approx(math.sqrt(4 * 36 / math.pi))


def test_objects_are_those_of_the_sample():
    """Touching cells are told apart where the truth numbers them."""
    mask = np.ones((4, 8), int)
    cells = np.repeat([[5] * 4 + [9] * 4], 4, 0).astype(np.int32)
    sample = replace(held("one", np.full((1, 4, 8), 180.0), mask), instances=cells.copy)
    rows = rows_of(Objects(), raw_threshold(), (sample,))
    assert {row.at["object"] for row in rows} == {5, 9}
