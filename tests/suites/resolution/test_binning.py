"""Controls of resolution.binning: sums are brighter and coarser, and come back in place."""

from __future__ import annotations

from suites.resolution.binning import Binning
from tests.toys import Does, mean_of, raw_threshold, rows_of, scenes, segmenter, zscore_threshold


def test_a_raw_threshold_breaks():
    """Positive control: four times the light lifts the background above a fixed level."""
    rows = rows_of(Binning(), raw_threshold())
    assert mean_of(rows, side_px=2) < 0.3


def test_a_normalising_model_of_large_objects_holds():
    """Negative control: discs of 18 px survive pixels of 2 and of 4, in an odd field as well."""
    for size in (64, 63):
        rows = rows_of(Binning(), zscore_threshold(), scenes(2, size=size))
        assert mean_of(rows, side_px=2) > 0.88
        assert mean_of(rows, side_px=4) > 0.75


def test_the_model_sees_the_camera_s_sums():
    """Each pixel that the model sees is the sum of a square of the image's."""
    seen = []

    def look(images):
        seen.append(images.numpy().copy())
        return images - 140.0

    (sample,) = scenes(1)
    rows_of(Binning(side_px=(4,)), segmenter(Does(look), output="sigmoid-logits"), (sample,))
    expected = sample.image().reshape(1, 16, 4, 16, 4).sum((2, 4))
    assert abs(seen[-1][0] - expected).max() < 1e-2
