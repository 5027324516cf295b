"""Controls of shift.drift_blur: fine detail is smeared, large objects hold."""

from __future__ import annotations

from suites.shift.drift_blur import DriftBlur
from tests.toys import Contrast, held, mean_of, rows_of, scenes, segmenter, zscore_threshold


def edges():
    """Return a model of details a pixel wide."""
    return segmenter(Contrast(3, 8.0), output="sigmoid-logits", digest="edges")


def test_a_model_of_fine_detail_breaks():
    """Positive control: dots of five pixels are gone after a drift of six."""
    rows = rows_of(DriftBlur(), edges(), scenes(2, radius=2.0, noise=0.5))
    for direction in (0.0, 90.0):
        slight, strong = (
            mean_of(rows, length_px=length, direction_deg=direction) for length in (2.0, 6.0)
        )
        assert slight > strong + 0.3


def test_a_model_of_large_objects_holds():
    """Negative control: discs of 18 px survive a drift of six."""
    rows = rows_of(DriftBlur(length_px=(2.0, 6.0)), zscore_threshold())
    assert mean_of(rows, length_px=6.0, direction_deg=0.0) > 0.85
    assert mean_of(rows, length_px=6.0, direction_deg=90.0) > 0.85


def test_a_drift_along_a_line_leaves_it():
    """Rows of bright pixels move along themselves at 0 degrees, and apart at 90."""
    (plain,) = scenes(1, noise=0.0)
    image = plain.image() * 0 + 100.0
    image[:, 8::16] = 180.0
    sample = held("lines", image, image[0] > 140)
    rows = rows_of(DriftBlur(length_px=(6.0,)), edges(), (sample,))
    assert mean_of(rows, length_px=6.0, direction_deg=0.0) == 1.0
    assert mean_of(rows, length_px=6.0, direction_deg=90.0) < 0.5
