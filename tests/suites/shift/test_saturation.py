"""Controls of shift.saturation: a model scaled by the highlights breaks when they are cut."""

from __future__ import annotations

import numpy as np
import pytest

from audit.errors import UsageError
from suites.shift.saturation import Saturation
from tests.toys import BRIGHT, Threshold, held, mean_of, raw_threshold, rows_of, scene, segmenter


def sparkling():
    """Return a scene with debris, one pixel in two hundred, far brighter than its objects."""
    plain = scene(noise=3.0)
    image = plain.image()
    image.reshape(-1)[::200] = 6 * BRIGHT
    return held("sparkling", image, plain.mask())


def test_a_model_scaled_by_the_brightest_pixel_breaks():
    """Positive control: where debris set the scale, cutting it turns background into foreground."""
    scaled = segmenter(Threshold(0.05, 50.0), output="sigmoid-logits", normalisation="minmax")
    rows = rows_of(Saturation(percent=(0.1, 3.0)), scaled, (sparkling(),))
    assert mean_of(rows, percent=0.1) > 0.9
    assert mean_of(rows, percent=3.0) < 0.7


def test_a_threshold_holds():
    """Negative control: what is brighter than a level stays so until the level is cut."""
    rows = rows_of(Saturation(), raw_threshold(), (sparkling(),))
    assert {mean_of(rows, percent=percent) for percent in (1.0, 3.0, 10.0)} == {
        mean_of(rows, percent=1.0)
    }
    assert mean_of(rows, percent=1.0) > 0.95


def test_the_clipped_fraction_is_measured():
    """As many pixels as asked for are clipped where values differ, and none where they tie."""
    tied = held(
        "tied", np.where(np.arange(100).reshape(1, 10, 10) < 50, 0.0, 9.0), np.ones((10, 10))
    )
    smooth = held("smooth", np.arange(100.0).reshape(1, 10, 10), np.ones((10, 10)))
    rows = rows_of(Saturation(percent=(10.0,)), raw_threshold(), (tied, smooth))
    found = {row.sample: row.value for row in rows if row.metric == "clipped_fraction"}
    assert found == {"tied": 0.0, "smooth": pytest.approx(0.1, abs=0.011)}


def test_more_than_everything_cannot_be_saturated():
    """A percentage above 100 is refused by name."""
    with pytest.raises(UsageError, match=r"shift\.saturation\.percent"):
        Saturation(percent=(101.0,))
