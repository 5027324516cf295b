"""Controls of shift.illumination: a raw threshold breaks, one of local contrast does not."""

from __future__ import annotations

import pytest

from suites.shift.illumination import Illumination
from tests.toys import Contrast, Threshold, held, mean_of, raw_threshold, rows_of, scene, segmenter


def lit(number: int = 0, offset: float = 0.0):
    """Return a scene with one pixel that no light reached, on a camera's pedestal."""
    plain = scene(number)
    image = plain.image()
    image[0, 0, 0] = 0.0
    return held(f"lit/{number}", image + offset, plain.mask())


SCENES = tuple(lit(number) for number in range(3))


def test_a_raw_threshold_breaks():
    """Positive control: under a tilt of 60 % dark objects fall below a fixed threshold."""
    rows = rows_of(Illumination(percent=(10.0, 60.0)), raw_threshold(), SCENES)
    for shape in ("tilt", "vignette"):
        assert mean_of(rows, shape=shape, percent=10.0) > 0.99
        assert mean_of(rows, shape=shape, percent=60.0) < 0.95
    assert mean_of(rows, shape="vignette", percent=60.0) < 0.9


def test_local_contrast_holds():
    """Negative control: a model that compares with the neighbourhood hardly sees the light."""
    local = segmenter(Contrast(31, 12.0), output="sigmoid-logits", digest="local")
    rows = rows_of(Illumination(percent=(10.0, 40.0)), local, SCENES[:2])
    for shape in ("tilt", "vignette"):
        gentle, strong = (mean_of(rows, shape=shape, percent=p) for p in (10.0, 40.0))
        assert gentle > 0.9
        assert abs(gentle - strong) < 0.06


@pytest.mark.parametrize("shape", ["tilt", "vignette"])
def test_a_pedestal_is_no_light(shape):
    """An offset of 32768, as some cameras' files have, is not multiplied by uneven light."""
    at = {"shape": shape, "percent": 60.0}
    plain = rows_of(Illumination(percent=(60.0,)), raw_threshold(), (lit(),))
    shifted = segmenter(Threshold(140.0 + 32768, 0.2), output="sigmoid-logits", digest="shifted")
    raised = rows_of(Illumination(percent=(60.0,)), shifted, (lit(offset=32768.0),))
    assert mean_of(raised, **at) == pytest.approx(mean_of(plain, **at), abs=1e-3)
