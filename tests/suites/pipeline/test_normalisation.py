"""Controls of pipeline.normalisation: raw intensities and extremes are fragile, z-scores not."""

from __future__ import annotations

import numpy as np

from suites.pipeline.normalisation import Normalisation
from tests.suites.pipeline.verdict import verdicts
from tests.toys import (
    Threshold,
    held,
    mean_of,
    raw_threshold,
    rows_of,
    scenes,
    segmenter,
    zscore_threshold,
)

RULES = ("normalisation", "broken pixel")


def minmax_threshold():
    """Return a model that stretches each image between its extremes."""
    module = Threshold(0.5, 20.0)
    return segmenter(module, output="sigmoid", normalisation="minmax", digest="minmax")


def sixteen_bits():
    """Return scenes from a camera of 16 bits that uses little of its range, above a pedestal."""
    return tuple(
        held(one.id, 20 * one.image() + 500, one.mask()) for one in scenes(8, size=96, radius=14.0)
    )


def test_a_model_that_normalises_loses_nothing():
    """Negative control: units, zero and one broken pixel do not matter to a z-score."""
    found = verdicts(Normalisation(), zscore_threshold(), *RULES, samples=sixteen_bits())
    assert set(found.values()) == {"PASS"}
    assert len(found) == 5


def test_raw_intensities_are_caught():
    """Positive control: a threshold on raw intensities fails with gain and offset."""
    found = verdicts(Normalisation(), raw_threshold(), *RULES)
    assert found["normalisation gain gain=257.0"] == "FAIL"
    assert found["normalisation offset offset_fraction=0.5"] == "FAIL"
    assert found["broken pixel pixel=hot"] == "PASS"


def test_a_stretch_between_extremes_is_caught_by_one_pixel():
    """Positive control: min-max survives gain and offset, and one hot pixel ruins it."""
    found = verdicts(Normalisation(), minmax_threshold(), *RULES, samples=sixteen_bits())
    assert found["broken pixel pixel=hot"] == "FAIL"
    assert found["normalisation gain gain=257.0"] == "PASS"
    assert found["normalisation offset offset_fraction=0.5"] == "PASS"


def test_inversion_is_recorded():
    """Dark for bright: measured for every image, with no rule."""
    rows = rows_of(Normalisation(), zscore_threshold())
    assert mean_of(rows, inverted=True) < 0.3
    assert np.isclose(mean_of(rows, gain=3.0), 1.0)
