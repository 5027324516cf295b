"""What an image says of itself: its noise, light, sharpness and structure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import conv2d

from audit.imaging.blur import gaussian_blur
from audit.imaging.noise import BRIGHT, quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

LAPLACIANS = ((1.0, -2.0, 1.0), (-2.0, 4.0, -2.0), (1.0, -2.0, 1.0))
"""The difference of two Laplacians: blind to planes and to most edges."""

REBLUR_PX = (1.0, 2.0)
"""How much an image is blurred to see how sharp it was: enough to quiet its noise."""

STEEP = 0.98
"""The quantile of the gradients from which on they are edges."""

AREAS = 8
"""Light is read in so many areas along each axis."""

ROUNDS = 30
"""Least absolute deviations are found in so many rounds."""

LOWEST, HIGHEST = 0.02, 0.25
"""Cycles a pixel between which the spectrum is fitted: below the noise of most cameras."""


def noise_sigma(image: Tensor) -> float:
    """Return the standard deviation of the noise of an image (C, Y, X), in its own intensities.

    The mean absolute response to a difference of two Laplacians, scaled to what white Gaussian
    noise gives; a mean is not quantised on 8-bit images as a median is. Noise that is correlated
    between pixels is underestimated, texture is counted as noise. At least 3 x 3 px. Source:
    Immerkaer 1996, doi:10.1006/cviu.1996.0060.

    >>> white = torch.randn(1, 200, 200, generator=torch.Generator().manual_seed(0))
    >>> abs(noise_sigma(5 * white) - 5) < 0.1
    True
    """
    kernel = torch.tensor(LAPLACIANS, device=image.device)[None, None]
    response = conv2d(image[:, None].float(), kernel)
    return float(response.abs().mean()) * math.sqrt(math.pi / 2) / 6


def snr_db(image: Tensor) -> float | None:
    """Return 20 log10 of the signal's standard deviation over the noise's, of an image (C, Y, X).

    The signal is what the noise leaves of the image's variance. None where either is nothing. The
    ratio that `shift.noise` reports for noise that it adds is of the same kind.

    >>> white = 2 * torch.randn(1, 64, 64, generator=torch.Generator().manual_seed(0))
    >>> round(snr_db(torch.arange(64.0).expand(1, 64, 64) + white), 1)
    19.4
    """
    noise = noise_sigma(image)
    signal = float(image.float().var((-2, -1), correction=0).mean()) - noise**2
    return 10 * math.log10(signal / noise**2) if noise > 0 and signal > 0 else None


def photons(image: Tensor) -> float | None:
    """Return how many photons the bright pixels of an image (C, Y, X) hold, judged by its noise.

    Photons at the 99th percentile if all its noise were shot noise and its darkest pixel no light,
    as `shift.noise` counts them; read noise makes them fewer. None where there is no noise.
    """
    noise = noise_sigma(image)
    above = gaussian_blur(image.float()[None], REBLUR_PX[0])[0]
    above = above - above.min()
    if noise <= 0:
        return None
    # The estimate of noise is a mean of deviations, each the root of gain times light.
    gain = (noise / float(above.sqrt().mean())) ** 2
    return quantile(above, BRIGHT) / gain


def blur_sigma_px(image: Tensor) -> float | None:
    """Return the width of the Gaussian that blurs the sharpest edges of an image (C, Y, X), in px.

    From how much the steepest gradients fall when the image is blurred a little more: a step
    blurred by s has a slope of 1 / sqrt(s^2 + t^2) after a blur of t. Edges that are soft by nature
    count as blurred, so it is an upper bound. None for a constant image. Source: Zhuo and Sim 2011,
    doi:10.1016/j.patcog.2011.03.009.
    """
    grey = image.float().mean(0)[None, None]
    if float(grey.max()) == float(grey.min()):
        return None
    little, more = (gradient(gaussian_blur(grey, width)) for width in REBLUR_PX)
    steep = little >= quantile(little, STEEP)
    ratio = float((little[steep] / more[steep].clamp_min(1e-12)).median()) ** 2
    first, second = (width**2 for width in REBLUR_PX)
    if ratio >= second / first:
        return 0.0
    # Nothing has become less steep: blurred beyond what this can tell.
    widest = math.inf if ratio <= 1 else math.sqrt((second - ratio * first) / (ratio - 1))
    return min(widest, max(image.shape[-2:]) / 2)


def gradient(images: Tensor) -> Tensor:
    """Return the steepness (Y - 2, X - 2) of one plane (1, 1, Y, X), by central differences."""
    down = images[..., 2:, 1:-1] - images[..., :-2, 1:-1]
    right = images[..., 1:-1, 2:] - images[..., 1:-1, :-2]
    return torch.hypot(down, right)[0, 0]


@dataclass(frozen=True)
class Light:
    """How uneven the light is: by how much it falls across the field, and towards the corners."""

    tilt_percent: float
    vignette_percent: float


def light(image: Tensor) -> Light | None:
    """Return the unevenness of the background of an image (C, Y, X), in percent of its level.

    The median of each of 8 x 8 areas, to which a slope and a bowl are fitted by least absolute
    deviations, so that areas that objects fill count little; tilt and vignette are as
    `audit.imaging.light` makes them. None where the level is not above zero or the image is under
    16 px.
    """
    grey = image.float().mean(0).cpu().numpy()
    if min(grey.shape) < 2 * AREAS:
        return None
    levels = [
        [float(np.median(part)) for part in np.array_split(band, AREAS, 1)]
        for band in np.array_split(grey, AREAS, 0)
    ]
    centre = (2 * np.arange(AREAS) + 1) / AREAS - 1
    y, x = (axis.reshape(-1) for axis in np.meshgrid(centre, centre, indexing="ij"))
    design = np.stack([np.ones_like(x), y, x, -(y**2 + x**2) / 2], 1)
    level, down, right, bowl = least_deviations(design, np.reshape(levels, -1))
    if level <= 0:
        return None
    tilted = 200 * math.hypot(down, right) / level
    return Light(tilt_percent=tilted, vignette_percent=100 * float(bowl) / float(level))


def least_deviations(
    design: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the coefficients of least absolute residuals, by reweighted least squares.

    >>> x = np.stack([np.ones(5), np.arange(5.0)], 1)
    >>> [round(one) for one in least_deviations(x, np.array([0.0, 1.0, 2.0, 3.0, 90.0]))]
    [0, 1]
    """
    found = np.linalg.lstsq(design, values, rcond=None)[0]
    least = 1e-4 * max(float(np.ptp(values)), 1e-12)
    for _ in range(ROUNDS):
        weight = np.maximum(np.abs(values - design @ found), least) ** -0.5
        found = np.linalg.lstsq(design * weight[:, None], values * weight, rcond=None)[0]
    return np.asarray(found)


def background(image: Tensor) -> float:
    """Return the intensity of the background of an image (C, Y, X): the mode of its pixels.

    The mean of the narrowest range that holds half of the pixels, so that bright and dark objects
    alike are left out while they cover less than half. Source: Rousseeuw and Leroy 1988,
    doi:10.1111/j.1467-9574.1988.tb01224.x (the shortest half).

    >>> background(torch.tensor([[[5.0, 5.0, 5.0, 5.0, 200.0, 0.0]]]))
    5.0
    """
    values = image.float().mean(0).reshape(-1)
    some = values[:: max(1, values.numel() // 65536)].sort().values
    half = some.numel() // 2
    start = int((some[half:] - some[: some.numel() - half]).argmin())
    return float(some[start : start + max(1, half)].mean())


def saturated_fraction(image: Tensor) -> float:
    """Return the share of the values of an image (C, Y, X) that are its highest value.

    >>> saturated_fraction(torch.tensor([[[255.0, 255.0, 3.0, 7.0]]]))
    0.5
    """
    return float((image == image.max()).float().mean())


def contrast_fraction(image: Tensor) -> float | None:
    """Return Michelson's contrast of the 1st and 99th percentile of an image (C, Y, X), in 0..1.

    None where their sum is not above zero.

    >>> contrast_fraction(torch.tensor([[[10.0, 30.0]]]))
    0.5
    """
    low, high = quantile(image.float(), 1 - BRIGHT), quantile(image.float(), BRIGHT)
    return (high - low) / (high + low) if high + low > 0 else None


def spectrum_slope(image: Tensor) -> float | None:
    """Return the slope of log power against log frequency of an image (C, Y, X).

    Power averaged over rings of the windowed spectrum, from 0.02 to 0.25 cycles a pixel: white
    noise has 0, scenes about -2, blur makes it steeper. None for a constant image, or one too
    small for five rings. Source: Field 1987, doi:10.1364/JOSAA.4.002379.
    """
    grey = image.float().mean(0)
    height, width = grey.shape
    window = torch.hann_window(height)[:, None] * torch.hann_window(width)[None]
    power = torch.fft.rfft2((grey - grey.mean()) * window.to(grey)).abs().double() ** 2
    across = torch.fft.rfftfreq(width, device=grey.device)
    rings = torch.hypot(torch.fft.fftfreq(height, device=grey.device)[:, None], across[None])
    number = (rings * min(height, width)).round().long().reshape(-1)
    mean = torch.bincount(number, power.reshape(-1)) / torch.bincount(number).clamp_min(1)
    frequency = torch.arange(len(mean)).double() / min(height, width)
    kept = (frequency >= LOWEST) & (frequency <= HIGHEST) & (mean.cpu() > 0)
    if int(kept.sum()) < 5 or float(grey.std()) == 0:  # noqa: PLR2004 (rings, as said above)
        return None
    slope, _ = np.polyfit(np.log(frequency[kept].numpy()), np.log(mean.cpu()[kept].numpy()), 1)
    return float(slope)
