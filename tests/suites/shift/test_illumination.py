"""Controls of shift.illumination: a raw threshold breaks, one of local contrast does not."""

from __future__ import annotations

from suites.shift.illumination import Illumination
from tests.toys import Contrast, mean_of, raw_threshold, rows_of, scenes, segmenter


def test_a_raw_threshold_breaks():
    """Positive control: under a tilt of 60 % dark objects fall below a fixed threshold."""
    rows = rows_of(Illumination(percent=(10.0, 60.0)), raw_threshold())
    for shape in ("tilt", "vignette"):
        assert mean_of(rows, shape=shape, percent=10.0) > 0.99
        assert mean_of(rows, shape=shape, percent=60.0) < 0.95
    assert mean_of(rows, shape="vignette", percent=60.0) < 0.9


def test_local_contrast_holds():
    """Negative control: a model that compares with the neighbourhood hardly sees the light."""
    local = segmenter(Contrast(31, 12.0), output="sigmoid", digest="local")
    rows = rows_of(Illumination(percent=(10.0, 40.0)), local, scenes(2))
    for shape in ("tilt", "vignette"):
        gentle, strong = (mean_of(rows, shape=shape, percent=p) for p in (10.0, 40.0))
        assert gentle > 0.9
        assert abs(gentle - strong) < 0.06
