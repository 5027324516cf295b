"""Laws of adversarial.noise: every pixel moves by the radius, within the bounds."""

from __future__ import annotations

import torch

from suites.adversarial.noise import Noise, tossed
from tests.suites.adversarial.plants import model
from tests.suites.adversarial.test_attack import drawn
from tests.toys import mean_of, rows_of, scenes, zscore_threshold


def test_every_pixel_moves_by_the_radius():
    """Inside the bounds each pixel is moved by exactly the radius; none leaves the bounds."""
    target = drawn()
    moved = tossed(target, 5.0, torch.Generator().manual_seed(1))
    inside = (target.image > target.low + 5) & (target.image < target.high - 5)
    steps = (moved - target.image)[inside]
    assert torch.allclose(steps.abs(), torch.tensor(5.0), atol=1e-4)
    assert abs(float(steps.mean())) < 0.5
    assert target.low <= float(moved.min()) <= float(moved.max()) <= target.high


def test_a_pixelwise_model_suffers_and_a_smoothing_one_less():
    """Both controls: far above the noise a model without context loses what a blur keeps."""
    probe = Noise(noise_ratio=(10.0,), range_fraction=())
    sharp = mean_of(rows_of(probe, zscore_threshold(), scenes(2)), noise_ratio=10.0)
    blurred = mean_of(rows_of(probe, model(), scenes(2)), noise_ratio=10.0)
    assert sharp < 0.8
    assert blurred > sharp + 0.05
