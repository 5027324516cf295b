"""The estimators find what a simulation put into an image."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.datasets.cells import Simulation, render
from audit.imaging.blur import gaussian_blur
from audit.imaging.estimate import (
    background,
    blur_sigma_px,
    contrast_fraction,
    light,
    noise_sigma,
    photons,
    saturated_fraction,
    snr_db,
    spectrum_slope,
)
from audit.imaging.light import tilt, vignette
from audit.imaging.noise import poisson_gaussian, signal_to_noise_db


def stream(seed=0):
    """Return a random stream."""
    return torch.Generator().manual_seed(seed)


def discs(size=192):
    """Return a noiseless image (1, Y, X) of bright discs with sharp edges on even ground."""
    y, x = np.mgrid[:size, :size]
    places = [(40, 50, 14), (120, 60, 20), (70, 140, 17), (150, 150, 12)]
    there = np.any([(y - a) ** 2 + (x - b) ** 2 < r * r for a, b, r in places], 0)
    return torch.from_numpy(np.where(there, 180.0, 100.0)).float()[None]


def smooth(size=192):
    """Return discs blurred by 2 px: texture and edges that are no noise."""
    return gaussian_blur(discs(size)[None], 2.0)[0]


@pytest.mark.parametrize("sigma", [1.0, 3.0, 10.0])
@pytest.mark.parametrize("whole", [False, True])
def test_noise_is_found_even_on_whole_numbers(sigma, whole):
    """Added white noise is found within 10 %, on 8-bit images too, where a median is a step off."""
    image = smooth() + sigma * torch.randn(1, 192, 192, generator=stream())
    image = image.round().clamp(0, 255) if whole else image
    expected = np.hypot(sigma, 12**-0.5) if whole else sigma
    assert noise_sigma(image) == pytest.approx(expected, rel=0.1)


def test_noise_of_simulated_cells_is_that_of_their_camera():
    """On simulated cells the estimate is within 20 % of the deviation between two exposures."""
    quiet = Simulation(seed=5, size_px=192)
    image = torch.from_numpy(render(quiet, 0).image)[None]
    # The camera of the simulation: variance = gain x (signal - pedestal) + read noise squared.
    variance = quiet.gain * (float(image.mean()) - quiet.pedestal) + quiet.read_noise**2
    assert noise_sigma(image) == pytest.approx(variance**0.5, rel=0.2)


@pytest.mark.parametrize("level", [1000.0, 100.0, 10.0])
def test_photons_are_counted_as_shift_noise_counts_them(level):
    """The photons that bright pixels were given are read off the noise, within a quarter."""
    noisy = poisson_gaussian(smooth()[None], level, 0.0, [stream()])[0]
    assert photons(noisy) == pytest.approx(level, rel=0.25)


@pytest.mark.parametrize("sigma", [2.0, 8.0, 20.0])
def test_the_ratio_of_signal_to_noise_agrees_with_the_known_noise(sigma):
    """Without a clean image at hand the ratio is within 1 dB of the one that knows it."""
    clean = smooth()
    noisy = clean + sigma * torch.randn(clean.shape, generator=stream())
    assert snr_db(noisy) == pytest.approx(signal_to_noise_db(clean, noisy), abs=1.0)


@pytest.mark.parametrize("sigma", [0.7, 1.5, 3.0, 4.0])
@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_blur_is_found(sigma, noise):
    """The width of a blur over sharp discs is found within 20 % or 0.3 px, noise or none."""
    image = gaussian_blur(discs()[None], sigma)[0]
    found = blur_sigma_px(image + noise * torch.randn(image.shape, generator=stream()))
    assert found == pytest.approx(sigma, rel=0.2, abs=0.3)


@pytest.mark.parametrize("percent", [0.0, 10.0, 40.0])
def test_uneven_light_is_found(percent):
    """Tilt and vignette are found within 6 % of the level, each without the other."""
    tilted, dark = (
        light(tilt(smooth()[None], percent)[0]),
        light(vignette(smooth()[None], percent)[0]),
    )
    assert tilted.tilt_percent == pytest.approx(percent, abs=6)
    assert dark.vignette_percent == pytest.approx(percent, abs=6)
    assert abs(tilted.vignette_percent) < 6
    assert dark.tilt_percent < 6


def test_background_is_found_under_bright_and_dark_objects():
    """Objects that cover less than half of the field do not move the background."""
    noise = torch.randn(1, 192, 192, generator=stream())
    assert background(discs() + noise) == pytest.approx(100, abs=1)
    assert background(200 - discs() + noise) == pytest.approx(100, abs=1)


@pytest.mark.parametrize("slope", [-1.0, -2.0, -3.0])
def test_the_slope_of_a_power_law_is_found(slope):
    """An image made with power f ** slope has that slope within 0.2."""
    rings = torch.hypot(torch.fft.fftfreq(256)[:, None], torch.fft.fftfreq(256)[None])
    scale = rings.clamp_min(1 / 256) ** (slope / 2)
    white = torch.fft.fft2(torch.randn(256, 256, generator=stream()))
    image = torch.fft.ifft2(white * scale).real[None]
    assert spectrum_slope(image) == pytest.approx(slope, abs=0.2)


def test_nothing_is_made_of_a_constant_image():
    """A constant image has no ratio, no blur, no slope and no photons; its background is itself."""
    flat = torch.full((1, 64, 64), 7.0)
    assert [snr_db(flat), blur_sigma_px(flat), spectrum_slope(flat), photons(flat)] == [None] * 4
    assert (background(flat), saturated_fraction(flat), contrast_fraction(flat)) == (7.0, 1.0, 0.0)
    assert light(-flat) is None
    assert light(flat[:, :10]) is None
    assert contrast_fraction(-flat) is None
