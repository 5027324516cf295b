"""Controls of shift.defocus: fine detail is lost, large objects are not; widths are physical."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import convolve, gaussian_filter

from audit.imaging.psf import disc
from suites.shift.defocus import Defocus
from tests.toys import Contrast, Does, mean_of, rows_of, scenes, segmenter, zscore_threshold


def test_a_model_of_fine_detail_breaks():
    """Positive control: a model that looks for edges of a pixel loses them when they blur."""
    edges = segmenter(Contrast(3, 8.0), output="sigmoid-logits", digest="edges")
    samples = scenes(2, radius=2.0, noise=0.5)
    rows = rows_of(Defocus(sigma_um=(0.01, 1.0)), edges, samples)
    assert mean_of(rows, sigma_um=0.01) > mean_of(rows, sigma_um=1.0) + 0.3


def test_a_model_of_large_objects_holds():
    """Negative control: discs of 18 px survive a blur of one."""
    rows = rows_of(Defocus(sigma_um=(0.25, 0.5)), zscore_threshold())
    assert mean_of(rows, sigma_um=0.5) > 0.9


@pytest.mark.parametrize("pixel_um", [0.25, 0.5])
def test_the_width_is_in_micrometres(pixel_um):
    """The model sees scipy's blur of sigma over the pixel size."""
    seen = []

    def look(images):
        seen.append(images.numpy().copy())
        return -images

    (sample,) = scenes(1, pixel_um=pixel_um)
    defocus = Defocus(sigma_um=(0.8,), disc_radius_um=())
    rows_of(defocus, segmenter(Does(look), output="sigmoid-logits"), (sample,))
    expected = gaussian_filter(sample.image().astype(float), (0, *[0.8 / pixel_um] * 2))
    assert np.abs(seen[-1][0] - expected).max() < 1e-2


def test_the_disc_is_in_micrometres():
    """The model sees scipy's convolution with a disc of radius over the pixel size."""
    seen = []

    def look(images):
        seen.append(images.numpy().copy())
        return -images

    (sample,) = scenes(1, pixel_um=0.25)
    defocus = Defocus(sigma_um=(), disc_radius_um=(1.0,))
    rows_of(defocus, segmenter(Does(look), output="sigmoid-logits"), (sample,))
    expected = convolve(sample.image().astype(float)[0], disc(4.0).double().numpy(), mode="reflect")
    assert np.abs(seen[-1][0, 0] - expected).max() < 1e-2
