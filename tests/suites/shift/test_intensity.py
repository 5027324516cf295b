"""Controls of shift.intensity: a raw threshold breaks, a z-scoring one does not."""

from __future__ import annotations

import pytest

from suites.shift.intensity import Intensity
from tests.toys import Threshold, mean_of, raw_threshold, rows_of, segmenter, zscore_threshold

CAMERAS = [
    {"gain": 0.5},
    {"gain": 2.0},
    {"gain": 257.0},
    {"pedestal_fraction": 1.0},
    {"export_bits": 16},
]


@pytest.fixture(scope="module")
def raw():
    """Return the rows of a model that trusts raw intensities."""
    return rows_of(Intensity(), raw_threshold())


@pytest.fixture(scope="module")
def normalising():
    """Return the rows of a model that normalises each image."""
    return rows_of(Intensity(), zscore_threshold())


@pytest.mark.parametrize("at", CAMERAS, ids=str)
def test_a_raw_threshold_breaks(raw, at):
    """Positive control: another gain or pedestal makes everything foreground, or nothing."""
    assert mean_of(raw, **at) < 0.3


@pytest.mark.parametrize("at", CAMERAS, ids=str)
def test_a_normalising_model_holds(normalising, at):
    """Negative control: a linear response changes not one pixel after z-scoring."""
    assert mean_of(normalising, **at) == 1.0


def test_inversion_is_no_linear_gain(raw, normalising):
    """Dark objects on bright ground break every model of bright objects."""
    assert mean_of(raw, inverted=True) < 0.1
    assert mean_of(normalising, inverted=True) < 0.1


def test_gamma_bends_the_middle(raw):
    """A gamma darkens bright objects below a threshold close to them, not one far from them."""
    near = segmenter(Threshold(172.0), output="sigmoid-logits", digest="near")
    rows = rows_of(Intensity(), near)
    assert mean_of(rows, gamma=0.5) > 0.9
    assert mean_of(rows, gamma=2.0) < 0.7
    assert mean_of(raw, gamma=2.0) > 0.9


def test_inversion_can_be_left_out():
    """Each response is asked for by its own setting."""
    few = Intensity(gain=(2.0,), pedestal=(0.5,), gamma=(2.0,), export_bits=(), invert=False)
    rows = rows_of(few, raw_threshold())
    assert {tuple(row.at) for row in rows} == {("gain",), ("pedestal_fraction",), ("gamma",)}
