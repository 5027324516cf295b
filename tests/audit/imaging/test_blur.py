"""Laws of blur: scipy's Gaussian filter, whatever the size."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from audit.imaging.blur import gaussian_blur


@pytest.mark.parametrize("sigma", [0.3, 1.0, 2.7, 6.0, 40.0])
@pytest.mark.parametrize("shape", [(31, 45), (8, 64), (1, 5)])
def test_blur_agrees_with_scipy(sigma, shape):
    """Equal to scipy.ndimage.gaussian_filter with mirrored borders to 1e-5 of the range."""
    image = np.random.default_rng(0).uniform(0, 4000, (2, 3, *shape)).astype(np.float32)
    expected = gaussian_filter(image.astype(float), (0, 0, sigma, sigma), mode="reflect")
    found = gaussian_blur(torch.from_numpy(image), sigma).numpy()
    assert np.abs(found - expected).max() <= 1e-5 * 4000


def test_blur_keeps_the_mean_and_the_input():
    """Light is spread, not lost, and the images are not written to; sigma 0 is a copy."""
    image = torch.rand(1, 1, 20, 30) * 1000
    before = image.clone()
    blurred = gaussian_blur(image, 3.0)
    assert float(blurred.mean()) == pytest.approx(float(image.mean()), rel=1e-5)
    same = gaussian_blur(image, 0.0)
    assert torch.equal(same, image)
    assert same.data_ptr() != image.data_ptr()
    assert torch.equal(image, before)
