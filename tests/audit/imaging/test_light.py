"""Laws of light: the formulas, in numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.imaging.light import extremes, gamma, tilt, vignette

IMAGES = torch.rand(2, 1, 21, 33, generator=torch.Generator().manual_seed(0)) * 300 + 50


@pytest.mark.parametrize("percent", [10.0, 60.0])
def test_a_tilt_falls_linearly_from_left_to_right(percent):
    """Column x is multiplied by 1 + p (1 - 2 x / (X - 1)) / 200; the mean factor is one."""
    ramp = 1 + percent / 200 * (1 - 2 * np.arange(33) / 32)
    assert np.allclose(tilt(IMAGES, percent).numpy(), IMAGES.numpy() * ramp, rtol=1e-5)
    assert ramp.mean() == pytest.approx(1)


@pytest.mark.parametrize("percent", [10.0, 60.0])
def test_a_vignette_falls_with_the_square_of_the_distance(percent):
    """The centre stays, the corners lose the stated percentage, in between it is quadratic."""
    y, x = np.mgrid[-1:1:21j, -1:1:33j]
    expected = IMAGES.numpy() * (1 - percent / 100 * (y**2 + x**2) / 2)
    dark = vignette(IMAGES, percent)
    assert np.allclose(dark.numpy(), expected, rtol=1e-5)
    assert torch.equal(dark[..., 10, 16], IMAGES[..., 10, 16])
    corner = float(dark[0, 0, 0, 0] / IMAGES[0, 0, 0, 0])
    assert corner == pytest.approx(1 - percent / 100, rel=1e-5)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_gamma_bends_within_the_range(exponent):
    """The relative intensity is raised to the exponent; the extremes stay where they are."""
    low, high = extremes(IMAGES)
    image = IMAGES.numpy().astype(float)
    least, most = (f(image, axis=(1, 2, 3), keepdims=True) for f in (np.min, np.max))
    expected = least + (most - least) * ((image - least) / (most - least)) ** exponent
    assert np.allclose(gamma(IMAGES, exponent, low, high).numpy(), expected, rtol=1e-4)


def test_gamma_of_a_flat_image_is_flat():
    """An image without contrast gives no NaN."""
    flat = torch.full((1, 1, 4, 4), 9.0)
    assert torch.equal(gamma(flat, 0.5, *extremes(flat)), flat)


def test_each_image_has_its_own_extremes():
    """Lowest and highest intensities are of each image, not of the batch."""
    low, high = extremes(IMAGES)
    assert low.shape == high.shape == (2, 1, 1, 1)
    assert np.array_equal(low.numpy().ravel(), IMAGES.numpy().min((1, 2, 3)))
    assert np.array_equal(high.numpy().ravel(), IMAGES.numpy().max((1, 2, 3)))
