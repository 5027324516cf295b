"""Laws of cameras and files: numpy's, scikit-image's and Pillow's answers to the same question."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.exposure import rescale_intensity
from skimage.measure import block_reduce

from audit.imaging.camera import binned, compressed, exported, quantised, saturated

IMAGES = torch.rand(2, 1, 40, 56, generator=torch.Generator().manual_seed(0)) * 3000 + 33000
CHANGES = [
    lambda images: saturated(images, 5.0),
    lambda images: quantised(images, 3),
    lambda images: exported(images, 8),
    lambda images: compressed(images, 50),
    lambda images: binned(images, 2),
]


@pytest.mark.parametrize("percent", [1.0, 10.0, 50.0])
def test_saturation_cuts_at_numpys_quantile(percent):
    """Everything above the quantile is set to it, image by image."""
    found = saturated(IMAGES, percent).numpy()
    for image, cut in zip(IMAGES.numpy(), found, strict=True):
        level = np.quantile(image, 1 - percent / 100, method="nearest")
        assert np.array_equal(cut, np.minimum(image, level))


@pytest.mark.parametrize("bits", [1, 3, 6])
def test_quantised_images_have_so_many_levels(bits):
    """2 ** bits levels, evenly spaced over the range, none further than half a step from before."""
    image = IMAGES[:1].double()
    found = quantised(image, bits)
    levels = np.linspace(float(image.min()), float(image.max()), 2**bits)
    assert np.abs(found.numpy()[..., None] - levels).min(-1).max() < 1e-6
    assert len(found.unique()) == 2**bits
    assert float((found - image).abs().max()) <= (levels[1] - levels[0]) / 2 + 1e-9


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_an_export_is_scikit_images_rescaling(bits):
    """The image's own range covers the file's range, in whole numbers."""
    image = IMAGES[:1].double()
    expected = rescale_intensity(image.numpy(), out_range=(0, 2**bits - 1)).round()
    assert np.abs(exported(image, bits).numpy() - expected).max() <= 1
    assert (exported(image, bits).numpy() == expected).mean() > 0.999


@pytest.mark.parametrize("side", [2, 4])
def test_binning_is_scikit_images_block_sum(side):
    """Squares of pixels are summed."""
    expected = block_reduce(IMAGES.double().numpy(), (1, 1, side, side), np.sum)
    assert np.allclose(binned(IMAGES, side).numpy(), expected, rtol=1e-6)


def test_binning_repeats_the_last_pixel_of_an_odd_field():
    """A field of 3 x 5 pixels gives 2 x 3 sums, those at the far ends of repeated pixels."""
    image = torch.arange(15.0).reshape(1, 1, 3, 5)
    expected = block_reduce(np.pad(image.numpy()[0, 0], ((0, 1), (0, 1)), "edge"), (2, 2), np.sum)
    assert np.array_equal(binned(image, 2).numpy()[0, 0], expected)


@pytest.mark.parametrize("quality", [90, 30])
def test_compression_is_the_jpeg_that_pillow_writes(quality):
    """Another writer of the same format gives the same grey values, but for rounding."""
    bytes_ = torch.rand(32, 48, generator=torch.Generator().manual_seed(1)) * 255
    bytes_[0, :2] = torch.tensor([0.0, 255.0])
    pixels = bytes_.round().byte().numpy()
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    expected = np.asarray(Image.open(file)).astype(float)
    found = compressed(torch.from_numpy(pixels).float()[None, None], quality)[0, 0].numpy()
    assert np.abs(found - expected).max() <= 2


def test_compression_keeps_the_scale():
    """Intensities far from 0..255 come back near where they were, each image by its own range."""
    smooth = torch.nn.functional.avg_pool2d(IMAGES, 9, 1, 4, count_include_pad=False)
    both = torch.cat((smooth, smooth[:1] / 1000))
    found = compressed(both, 95)
    error = (found - both).abs().amax((1, 2, 3)) / (both.amax((1, 2, 3)) - both.amin((1, 2, 3)))
    assert float(error.max()) < 0.05


@pytest.mark.parametrize(
    "change", CHANGES, ids=["saturated", "quantised", "exported", "jpeg", "binned"]
)
def test_flat_images_stay_finite_and_the_input_is_kept(change):
    """An image without contrast gives no NaN; nothing is written to."""
    assert torch.isfinite(change(torch.full((1, 2, 8, 8), 7.0))).all()
    before = IMAGES.clone()
    change(IMAGES)
    assert torch.equal(IMAGES, before)
