"""Wide blurs cost less than a forward pass: by FFT, whatever the width, against the direct sum.

Run with `tox -e bench`.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from scipy import ndimage

from audit.imaging.psf import disc, disc_blur, motion_blur

RADIUS_PX = 8.0
IMAGES = torch.rand(1, 1, 512, 512, generator=torch.Generator().manual_seed(0))


def seconds(work) -> float:
    """Return what some work takes, the best of three."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def test_a_disc_by_fft_is_ten_times_faster_than_the_direct_sum(benchmark):
    """A disc of 17 px, its transform kept from the first call, against scipy's convolution."""
    kernel = disc(RADIUS_PX).numpy()
    image = IMAGES.numpy()[0, 0]
    expected = ndimage.convolve(image, kernel, mode="reflect")
    direct = seconds(lambda: ndimage.convolve(image, kernel, mode="reflect"))
    blurred = benchmark(disc_blur, IMAGES, RADIUS_PX)
    assert np.abs(blurred.numpy()[0, 0] - expected).max() < 1e-5
    ratio = direct / seconds(lambda: disc_blur(IMAGES, RADIUS_PX))
    benchmark.extra_info["ratio"] = round(ratio, 1)
    assert ratio > 10


@pytest.mark.parametrize("length_px", [2.0, 16.0, 64.0])
def test_a_streak_costs_the_same_at_any_length(benchmark, length_px):
    """The longest streak takes at most twice the time of a short one."""
    benchmark(motion_blur, IMAGES, length_px, 30.0)
    shortest = seconds(lambda: motion_blur(IMAGES, 2.0, 30.0))
    assert seconds(lambda: motion_blur(IMAGES, length_px, 30.0)) < 2 * shortest + 0.005
