"""Laws of discs and streaks: scipy's convolution, and kernels of known moments."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from audit.imaging.psf import disc, disc_blur, motion_blur, streak

IMAGES = torch.rand(2, 1, 41, 58, generator=torch.Generator().manual_seed(0)) * 300 + 33000


@pytest.mark.parametrize(
    ("blurred", "kernel"),
    [
        (disc_blur(IMAGES, 3.3), disc(3.3)),
        (disc_blur(IMAGES, 22.0), disc(22.0)),
        (motion_blur(IMAGES, 7.0, 30.0), streak(7.0, 30.0)),
        (motion_blur(IMAGES, 90.0, 90.0), streak(90.0, 90.0)),
    ],
    ids=["disc", "disc wider than half the field", "streak", "streak longer than the field"],
)
def test_blurs_agree_with_scipys_convolution(blurred, kernel):
    """The border is mirrored as scipy's "reflect" does, to 1e-4 of the range, at a high offset."""
    flipped = kernel.double().numpy()[None, None]
    expected = ndimage.convolve(IMAGES.double().numpy(), flipped, mode="reflect")
    assert np.abs(blurred.numpy() - expected).max() < 0.03


@pytest.mark.parametrize("radius", [1.0, 2.5, 8.0])
def test_a_disc_holds_the_share_of_its_area_in_each_pixel(radius):
    """Points spread evenly over a disc fall into pixels as often as its kernel says."""
    kernel = disc(radius).numpy()
    edges = np.arange(len(kernel) + 1) - len(kernel) / 2
    random = np.random.default_rng(0)
    away, angle = radius * np.sqrt(random.random(400_000)), 2 * np.pi * random.random(400_000)
    y, x = away * np.sin(angle), away * np.cos(angle)
    shares = np.histogram2d(y, x, (edges, edges))[0] / y.size
    assert np.abs(kernel - shares).max() < 0.07 * shares.max()
    assert kernel.sum() == pytest.approx(1)


def test_a_disc_is_as_wide_as_a_gaussian_of_half_its_radius():
    """Its variance along an axis is a quarter of the squared radius."""
    kernel = disc(8.0).double()
    away = torch.arange(len(kernel)) - len(kernel) // 2
    assert float((kernel.sum(0) * away**2).sum()) == pytest.approx(16, rel=0.01)


@pytest.mark.parametrize("length", [1.0, 4.0, 6.5])
def test_a_streak_is_the_share_of_time_at_each_pixel(length):
    """Each weight is the mean of linear interpolation over the path; nothing leaves the line."""
    path = (np.arange(20_000) + 0.5) / 20_000 * length - length / 2
    kernel = streak(length, 0.0).double().numpy()
    reach = len(kernel) // 2
    shares = [
        np.clip(1 - np.abs(path - place), 0, None).mean() for place in range(-reach, reach + 1)
    ]
    assert np.abs(kernel[reach] - shares).max() < 0.01
    assert kernel.sum() == pytest.approx(kernel[reach].sum())


def test_a_quarter_turn_moves_along_y():
    """A streak at 90 degrees is that at 0 degrees, turned."""
    assert torch.allclose(streak(5.0, 90.0), streak(5.0, 0.0).T, atol=1e-6)


def test_the_input_is_not_written_to_and_a_flat_image_stays_flat():
    """Blurring makes a new image, and has nothing to blur in an even one."""
    before = IMAGES.clone()
    disc_blur(IMAGES, 2.0)
    assert torch.equal(IMAGES, before)
    flat = torch.full((1, 1, 9, 9), 40000.0)
    assert torch.equal(motion_blur(flat, 4.0, 20.0), flat)
