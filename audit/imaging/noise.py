"""Noise as a camera makes it: photons are counted, the read-out adds its own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor

GAUSSIAN_FROM = 20.0
"""From this mean count on, a Poisson draw is the rounded Gaussian of the same mean and variance:
ten times faster, and at most 0.02 apart in distribution function."""

BRIGHT = 0.99
"""The quantile of an image that is said to hold the stated number of photons."""


def poisson_gaussian(
    images: Tensor, photons: float, read_electrons: float, generators: list[Generator]
) -> Tensor:
    """Return images (B, C, Y, X) as if the bright pixels had collected `photons` each.

    Intensities above the image's darkest pixel are scaled so that its 99th percentile is
    `photons`, drawn from a Poisson distribution, given Gaussian read noise of `read_electrons`,
    and scaled back. One generator an image. Source: Foi et al. 2008, doi:10.1109/TIP.2008.2001399.
    """
    noisy = torch.empty_like(images)
    for image, out, generator in zip(images, noisy, generators, strict=True):
        floor, gain = photon_scale(image, photons)
        out.copy_(detected((image - floor) / gain, read_electrons, generator) * gain + floor)
    return noisy


def bleached(
    images: Tensor,
    remaining: Tensor,
    photons: float,
    read_electrons: float,
    generators: list[Generator],
) -> Tensor:
    """Return images (B, C, Y, X) as if only a share of the photons of each pixel had come.

    `remaining` (Y, X), or anything of its shape, is that share. Bright pixels had `photons`
    before, by the scale of `poisson_gaussian`; what is left is as dark as it is noisy.
    """
    faded = torch.empty_like(images)
    for image, out, generator in zip(images, faded, generators, strict=True):
        floor, gain = photon_scale(image, photons)
        mean = (image - floor) / gain * remaining
        out.copy_(detected(mean, read_electrons, generator) * gain + floor)
    return faded


def detected(mean: Tensor, read_electrons: float, generator: Generator) -> Tensor:
    """Return what a camera reads, in electrons, where so many photons are expected."""
    counts = poisson(mean, generator)
    return counts + torch.randn(mean.shape, generator=generator).to(mean) * read_electrons


def photon_scale(image: Tensor, photons: float) -> tuple[float, float]:
    """Return the darkest intensity, and the intensity that one photon adds."""
    floor = float(image.min())
    bright = quantile(image, BRIGHT) - floor
    return floor, max(bright, torch.finfo(image.dtype).eps) / photons


def quantile(image: Tensor, q: float) -> float:
    """Return a quantile of all pixels, by selection rather than by sorting."""
    values = image.reshape(-1)
    return float(values.kthvalue(1 + round(q * (values.numel() - 1))).values)


def poisson(mean: Tensor, generator: Generator) -> Tensor:
    """Return Poisson counts of the given means; exact below GAUSSIAN_FROM."""
    normal = torch.randn(mean.shape, generator=generator).to(mean)
    counts = (mean + mean.sqrt() * normal).round_().clamp_min_(0)
    rare = mean < GAUSSIAN_FROM
    if rare.any():
        counts[rare] = torch.poisson(mean[rare].cpu(), generator=generator).to(mean)
    return counts


def signal_to_noise_db(clean: Tensor, noisy: Tensor) -> float:
    """Return 20 log10 of the clean image's standard deviation over that of the added noise.

    >>> clean = torch.tensor([[0.0, 10.0]])
    >>> round(signal_to_noise_db(clean, clean + torch.tensor([[1.0, -1.0]])), 6)
    13.9794
    """
    noise = max(float((noisy - clean).std(correction=0)), 1e-12)
    signal = max(float(clean.std(correction=0)), 1e-12)
    return 20 * math.log10(signal / noise)
