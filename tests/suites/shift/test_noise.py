"""Controls of shift.noise: a pixel-wise model breaks as photons get few, a smoothing one later."""

from __future__ import annotations

import numpy as np
from torch import nn

from suites.shift.noise import Noise
from tests.toys import (
    BRIGHT,
    DARK,
    Threshold,
    mean_of,
    rows_of,
    scenes,
    segmenter,
    zscore_threshold,
)

PHOTONS = (1000.0, 100.0, 10.0, 2.0)


def smoothing():
    """Return a model that averages 5 x 5 pixels before its threshold."""
    module = nn.Sequential(nn.AvgPool2d(5, 1, 2, count_include_pad=False), Threshold(0.3, 10.0))
    return segmenter(module, output="sigmoid-logits", normalisation="zscore", digest="smooth")


def curve(model):
    """Return the mean IoU at each light level."""
    rows = rows_of(Noise(photons=PHOTONS), model, scenes(3, noise=2.0))
    return [mean_of(rows, photons=level) for level in PHOTONS]


def test_a_pixelwise_model_breaks():
    """Positive control: without context, few photons cost more than a third of the overlap."""
    scores = curve(zscore_threshold())
    assert scores[0] > 0.99
    assert scores[-1] < scores[0] - 0.33
    assert scores == sorted(scores, reverse=True)


def test_a_smoothing_model_holds():
    """Negative control: at ten photons a model that averages has lost less than a tenth."""
    scores = curve(smoothing())
    assert scores[0] > 0.85
    assert scores[0] - scores[2] < 0.1


def test_the_measured_ratio_falls_with_the_light():
    """Ten times the photons are about 10 dB of shot noise, once read noise is out."""
    rows = rows_of(Noise(photons=(1000.0, 100.0), read_electrons=0.0), zscore_threshold())
    high, low = (mean_of(rows, "snr_db", photons=level) for level in (1000.0, 100.0))
    assert np.isclose(high - low, 10, atol=0.5)
    assert BRIGHT > DARK


def test_a_level_has_its_own_noise():
    """The rows of one level do not depend on which other levels are asked for."""
    alone = rows_of(Noise(photons=(10.0,)), zscore_threshold())
    among = rows_of(Noise(photons=(100.0, 10.0)), zscore_threshold())
    assert alone == [row for row in among if row.at == {"photons": 10.0}]
