"""Laws of marks: they alternate, and the finest texture is what a blur takes away."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from audit.imaging.mark import MARKS, fine, largest_square, tiled


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_balanced_and_finer_than_any_blur(mark):
    """The mean is 0, the spread 1, and a blur of two pixels leaves a twentieth of it."""
    pattern = MARKS[mark](40, 48)
    assert float(pattern.mean()) == 0
    assert float(pattern.std(correction=0)) == 1
    blurred = ndimage.gaussian_filter(pattern.numpy(), 2, mode="wrap")
    assert np.abs(blurred).max() < 0.05


def test_fine_texture_agrees_with_scipy():
    """An image minus scipy's blur of it."""
    image = torch.rand(2, 30, 40) * 100
    smooth = ndimage.gaussian_filter(image.numpy(), (0, 1.5, 1.5), mode="reflect")
    assert np.allclose(fine(image, 1.5).numpy(), image.numpy() - smooth, atol=1e-3)


def squares(mask, side):
    """Return where a square of a side lies inside a mask."""
    return torch.from_numpy(mask).unfold(0, side, 1).unfold(1, side, 1).all(-1).all(-1)


def test_the_largest_square_lies_inside():
    """Its side is the largest multiple of four that fits, found by trying all."""
    stream = np.random.default_rng(3)
    mask = ndimage.gaussian_filter(stream.normal(size=(40, 50)), 5) > 0
    window = largest_square(torch.from_numpy(mask))
    assert window is not None
    assert mask[window].all()
    side = window[0].stop - window[0].start
    assert side == window[1].stop - window[1].start
    odd = max(n for n in range(1, 40, 2) if bool(squares(mask, n).any()))
    assert side == odd // 4 * 4


def test_no_square_where_nothing_is_wide():
    """A mask thinner than 8 px holds none."""
    mask = torch.zeros(30, 30, dtype=torch.bool)
    mask[10:17] = True
    assert largest_square(mask) is None


def test_tiles_repeat():
    """Numpy's tile, cut to size."""
    patch = torch.rand(2, 4, 8)
    expected = np.tile(patch.numpy(), (1, 3, 3))[:, :11, :19]
    assert np.array_equal(tiled(patch, 11, 19).numpy(), expected)
