"""Laws of grey images in three channels."""

from __future__ import annotations

import numpy as np
import pytest

from audit.datasets.grey import as_grey
from audit.errors import ReadingError
from tests.toys import held

PLANE = np.arange(12.0).reshape(3, 4)


def test_three_equal_channels_are_one_for_a_model_that_takes_one():
    """A grey image in colour is read as its one channel; other models see it as it is."""
    sample = held("a", np.stack([PLANE] * 3))
    (one,) = as_grey([sample], 1)

    assert one.shape == (1, 3, 4)
    assert np.array_equal(one.image(), PLANE[None])
    assert as_grey([sample], 3) == (sample,) == as_grey([sample], None)


def test_colours_are_not_made_grey():
    """Channels that differ are refused when they are read."""
    (one,) = as_grey([held("a", np.stack([PLANE, PLANE, PLANE + 1]))], 1)

    with pytest.raises(ReadingError, match="is in colour, and the model takes one channel"):
        one.image()
