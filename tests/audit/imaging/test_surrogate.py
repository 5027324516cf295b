"""Laws of copies without structure: what each keeps, it keeps exactly."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.imaging.surrogate import phase_randomised, shuffled_tiles, with_intensities


def picture(*shape, seed=0):
    """Return an image with structure: a ramp and a bright square."""
    image = torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) * 20
    image += torch.arange(shape[-1]).float()
    image[..., 5:15, 8:20] += 100
    return image


def stream(seed=1):
    """Return a random stream."""
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(1, 32, 40), (2, 33, 41)])
def test_phases_change_and_the_spectrum_stays(shape):
    """Amplitudes are numpy's of the image, the mean too; the image itself is another."""
    image = picture(*shape)
    changed = phase_randomised(image, stream())
    before, after = (np.abs(np.fft.fft2(x.double().numpy())) for x in (image, changed))
    assert np.allclose(before, after, rtol=1e-3, atol=0.05)
    assert torch.allclose(changed.mean((1, 2)), image.mean((1, 2)), atol=1e-3)
    similar = np.corrcoef(image[0].flatten(), changed[0].flatten())[0, 1]
    assert abs(similar) < 0.5


def test_channels_keep_their_relation():
    """One set of phases for all channels: what was equal stays equal."""
    one = picture(1, 32, 40)
    changed = phase_randomised(torch.cat((one, 2 * one)), stream())
    assert torch.allclose(changed[1], 2 * changed[0], atol=1e-2)


def test_ranks_of_one_and_values_of_another():
    """Order as in the first, sorted values as in the second, channel by channel."""
    first, second = picture(2, 16, 16), picture(2, 16, 16, seed=5) ** 2
    made = with_intensities(first, second)
    for channel in range(2):
        assert torch.equal(
            made[channel].flatten().sort().values, second[channel].flatten().sort().values
        )
        ranks = [x[channel].flatten().argsort().argsort() for x in (first, made)]
        assert torch.equal(*ranks)


def test_tiles_are_the_same_tiles():
    """Cut by numpy, the tiles are the image's in another order; what is left over stays."""
    image = picture(1, 35, 42)
    mixed = shuffled_tiles(image, 8, stream())

    def cut(x):
        whole = x[0, :32, :40].numpy()
        return sorted(
            whole[y : y + 8, x : x + 8].tobytes() for y in range(0, 32, 8) for x in range(0, 40, 8)
        )

    assert cut(mixed) == cut(image)
    assert not torch.equal(mixed, image)
    assert torch.equal(mixed[:, 32:], image[:, 32:])
    assert torch.equal(mixed[:, :, 40:], image[:, :, 40:])


def test_a_stream_decides():
    """The same stream gives the same copy, another another; the image is not written to."""
    image = picture(1, 32, 40)
    before = image.clone()
    for made in (phase_randomised, lambda x, s: shuffled_tiles(x, 8, s)):
        assert torch.equal(made(image, stream(1)), made(image, stream(1)))
        assert not torch.equal(made(image, stream(1)), made(image, stream(2)))
    assert torch.equal(image, before)
