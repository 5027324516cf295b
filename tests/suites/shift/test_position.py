"""Controls of shift.position: an image that was degraded by a known amount is said to lie there."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from audit.imaging.blur import gaussian_blur
from audit.imaging.light import tilt
from audit.imaging.noise import poisson_gaussian
from suites.shift.position import Position
from tests.toys import held, mean_of, rows_of, scene, tiny


def degraded(change):
    """Return what is measured of a drawn scene (128 px, 0.5 µm) after a change."""
    clean = scene(0, size=128, radius=20, noise=0.0)
    images = change(torch.from_numpy(clean.image())[None])
    return rows_of(Position(), tiny(), (replace(held("one", images[0].numpy()), pixel_um=0.5),))


def test_a_blur_in_micrometres_is_found():
    """A blur of 1.5 µm (3 px) is found within a fifth; where pixels have no size it is unknown."""
    rows = degraded(lambda images: gaussian_blur(images, 3.0))
    assert mean_of(rows, "sigma_um") == pytest.approx(1.5, rel=0.2)
    assert mean_of(rows, "sigma_px") == pytest.approx(3.0, rel=0.2)
    unknown = rows_of(Position(), tiny(), (replace(scene(0), pixel_um=None),))
    reason = [row.undefined for row in unknown if row.metric == "sigma_um"]
    assert reason == ["the size of a pixel is not known"]


@pytest.mark.parametrize("photons", [300.0, 30.0])
def test_the_light_level_is_found(photons):
    """An image of as many photons as shift.noise makes is said to hold as many, within a third."""

    def noisy(images):
        smooth = gaussian_blur(images, 2.0)
        return poisson_gaussian(smooth, photons, 0.0, [torch.Generator().manual_seed(0)])

    assert mean_of(degraded(noisy), "photons") == pytest.approx(photons, rel=1 / 3)


def test_a_tilt_is_found():
    """Light that falls by 40 % across the field is found to within 6 %, and is no vignette."""
    rows = degraded(lambda images: tilt(images, 40.0))
    assert mean_of(rows, "tilt_percent") == pytest.approx(40, abs=6)
    assert abs(mean_of(rows, "vignette_percent")) < 6


def test_saturation_and_contrast_are_those_of_the_pixels():
    """A quarter at the top is 25 % saturated; contrast is that of the 1st and 99th percentile."""
    image = torch.full((1, 1, 32, 32), 50.0)
    image[..., :8] = 150.0
    rows = rows_of(Position(), tiny(), (held("one", image[0].numpy()),))
    assert mean_of(rows, "saturated_percent") == 25
    assert mean_of(rows, "contrast_fraction") == pytest.approx(0.5)
