"""Laws of noise: the counts of numpy's Poisson, and an approximation of known distance."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from audit.imaging.noise import (
    BRIGHT,
    GAUSSIAN_FROM,
    bleached,
    photon_scale,
    poisson,
    poisson_gaussian,
    quantile,
    signal_to_noise_db,
)

DRAWS = 200_000


def stream(seed: int = 0) -> torch.Generator:
    """Return a random stream."""
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("mean", [0.5, 3.0, 19.0, 21.0, 80.0, 1000.0])
def test_counts_have_the_mean_and_variance_of_numpys(mean):
    """Mean and variance lie within five standard errors of numpy's exact Poisson draws."""
    found = poisson(torch.full((DRAWS,), mean), stream()).double().numpy()
    exact = np.random.default_rng(0).poisson(mean, DRAWS)
    assert found.mean() == pytest.approx(exact.mean(), abs=5 * np.sqrt(2 * mean / DRAWS))
    error = np.sqrt(2 * (2 * mean**2 + mean) / DRAWS)
    # The rounding of the Gaussian adds a twelfth of a count.
    assert found.var() == pytest.approx(exact.var(), abs=5 * error + 1 / 12)
    assert np.array_equal(found, np.rint(found))
    assert found.min() >= 0


@pytest.mark.parametrize("mean", [GAUSSIAN_FROM, 25.0, 40.0, 200.0])
def test_the_approximation_is_within_its_stated_distance(mean):
    """The rounded Gaussian's distribution function is within 0.02 of Poisson's, at every count."""
    counts = np.arange(0, int(mean + 12 * np.sqrt(mean)))
    rounded = stats.norm.cdf((counts + 0.5 - mean) / np.sqrt(mean))
    assert np.abs(rounded - stats.poisson.cdf(counts, mean)).max() <= 0.02


def test_below_the_threshold_draws_are_exact():
    """Few photons are counted: the frequencies are those of the Poisson distribution."""
    found = poisson(torch.full((DRAWS,), 2.0), stream()).long()
    shares = torch.bincount(found, minlength=20)[:12].numpy() / DRAWS
    assert np.abs(shares - stats.poisson.pmf(np.arange(12), 2.0)).max() < 0.005


def test_an_image_of_photons_has_shot_and_read_noise():
    """On a flat patch the variance is that of the photons plus that of the read-out."""
    image = torch.full((1, 1, 400, 400), 100.0)
    image[..., :200] = 500.0
    image[..., 0, 0] = 0.0
    noisy = poisson_gaussian(image, 50.0, 3.0, [stream()])
    gain = 500 / 50
    bright, dim = noisy[..., :200][..., 1:, :], noisy[..., 200:]
    for patch, photons in ((bright, 50.0), (dim, 10.0)):
        assert float(patch.mean()) == pytest.approx(photons * gain, rel=0.01)
        assert float(patch.var()) / gain**2 == pytest.approx(photons + 3.0**2, rel=0.03)


def test_the_bright_quantile_holds_the_stated_photons():
    """The 99th percentile above the darkest pixel is as many photons as were asked for."""
    image = torch.rand(1, 64, 64, generator=stream()) * 700 + 90
    floor, gain = photon_scale(image, 30.0)
    assert floor == float(image.min())
    bright = np.quantile(image.numpy(), BRIGHT, method="nearest")
    assert (bright - floor) / gain == pytest.approx(30.0, rel=1e-5)


@pytest.mark.parametrize("q", [0.0, 0.37, 0.99, 1.0])
def test_quantiles_agree_with_numpy(q):
    """Selection gives numpy's nearest quantile."""
    values = torch.rand(1, 31, 33, generator=stream())
    assert quantile(values, q) == np.quantile(values.numpy(), q, method="nearest")


def test_noise_is_of_its_image_alone():
    """An image has the same noise alone and in a batch; the input is not written to."""
    images = torch.rand(3, 1, 16, 16, generator=stream()) * 100
    before = images.clone()
    together = poisson_gaussian(images, 40.0, 1.5, [stream(s) for s in range(3)])
    alone = poisson_gaussian(images[1:2], 40.0, 1.5, [stream(1)])
    assert torch.equal(together[1:2], alone)
    assert torch.equal(images, before)


def test_a_flat_image_stays_finite():
    """An image without contrast has no photons to lose, and gives no NaN."""
    noisy = poisson_gaussian(torch.full((1, 1, 8, 8), 7.0), 10.0, 1.5, [stream()])
    assert torch.isfinite(noisy).all()


def test_the_signal_to_noise_ratio_agrees_with_numpy():
    """20 log10 of the ratio of standard deviations; finite where there is no noise."""
    clean = torch.rand(1, 40, 40, generator=stream()) * 50
    noisy = clean + torch.randn(1, 40, 40, generator=stream(1))
    expected = 20 * np.log10(clean.numpy().std() / (noisy - clean).numpy().std())
    assert signal_to_noise_db(clean, noisy) == pytest.approx(expected, abs=1e-4)
    assert np.isfinite(signal_to_noise_db(clean, clean))


def test_a_bleached_image_is_darker_and_relatively_noisier():
    """A quarter of the light leaves a quarter of the signal, with the noise of as many photons."""
    image = torch.full((1, 1, 400, 400), 500.0)
    image[..., 0, 0] = 100.0
    faded = bleached(image, torch.tensor(0.25), 100.0, 2.0, [stream()])
    gain = 400 / 100
    signal = (faded[..., 1:, :] - 100) / gain
    assert float(signal.mean()) == pytest.approx(25, rel=0.01)
    assert float(signal.var()) == pytest.approx(25 + 2.0**2, rel=0.03)


def test_bleaching_may_differ_from_row_to_row():
    """The share that is left is broadcast over the image."""
    image = torch.full((1, 1, 200, 300), 1000.0)
    image[..., 0, 0] = 0.0
    left = torch.linspace(1, 0.5, 200)[:, None]
    faded = bleached(image, left, 1000.0, 0.0, [stream()])
    assert torch.allclose(faded[0, 0].mean(1)[1:], 1000 * left[1:, 0], rtol=0.01)
