"""Laws of resampling: the triangle filter, written out, and scikit-image's for finer pixels."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.transform import resize

from audit.imaging.resample import resample, scaled_size

IMAGE = np.random.default_rng(0).uniform(0, 1000, (37, 52)).astype(np.float32)


def resampled(image, size):
    """Return an image at another size as an array."""
    return resample(torch.from_numpy(image)[None, None], size)[0, 0].numpy()


def triangle(size: int, new: int):
    """Return the matrix of a triangle filter as wide as the coarser pixel, by its definition."""
    scale = size / new
    centres = (np.arange(new) + 0.5) * scale - 0.5
    weights = np.maximum(0, 1 - np.abs(np.arange(size)[None] - centres[:, None]) / max(scale, 1))
    return weights / weights.sum(1, keepdims=True)


@pytest.mark.parametrize("size", [(18, 26), (15, 21), (36, 51), (1, 1)])
def test_a_smaller_image_is_the_triangle_filter_and_pillows(size):
    """Equal to the filter's definition and to Pillow's bilinear, to 1e-5 of the range."""
    found = resampled(IMAGE, size)
    expected = triangle(37, size[0]) @ IMAGE.astype(float) @ triangle(52, size[1]).T
    assert np.abs(found - expected).max() < 1e-2
    pillows = Image.fromarray(IMAGE, "F").resize(size[::-1], Image.Resampling.BILINEAR)
    assert np.abs(found - np.asarray(pillows)).max() < 1e-2


@pytest.mark.parametrize("size", [(64, 90), (37, 104), (40, 60)])
def test_a_larger_image_agrees_with_scikit_image(size):
    """Equal to skimage.transform.resize of order 1 with repeated edges, to 1e-5 of the range."""
    expected = resize(IMAGE.astype(float), size, order=1, mode="edge", anti_aliasing=False)
    assert np.abs(resampled(IMAGE, size) - expected).max() < 1e-2


def test_a_smaller_image_of_a_smooth_scene_agrees_with_scikit_image():
    """Where nothing can alias, both libraries' anti-aliased halves agree to 1 % of the range."""
    smooth = gaussian_filter(IMAGE, 4)
    expected = resize(smooth.astype(float), (18, 26), order=1, anti_aliasing=True, mode="edge")
    found = resampled(smooth, (18, 26))
    assert np.abs(found - expected)[2:-2, 2:-2].max() < 0.01 * np.ptp(smooth)


def test_the_field_stays_where_it_is():
    """Pixels are areas: a linear scene, shrunk, is the same linear scene."""
    scene = np.tile(np.arange(40, dtype=np.float32), (40, 1))
    inner = resampled(scene, (20, 20))[:, 2:-2]
    assert np.allclose(inner, 2 * np.arange(20)[2:-2] + 0.5, atol=1e-3)


def test_the_same_size_is_the_same_image():
    """Nothing is done where nothing is asked."""
    assert np.array_equal(resampled(IMAGE, (37, 52)), IMAGE)
    assert scaled_size((3, 700), 0.1) == (1, 70)
