"""Laws of broken pixels: one pixel, the same in all channels, at the ends of the scale."""

from __future__ import annotations

import pytest
import torch

from audit.imaging.pixel import full_scale, with_broken_pixel
from audit.probing.case import generator


@pytest.mark.parametrize(("kind", "value"), [("hot", 255.0), ("dead", 0.0)])
def test_one_pixel_is_struck(kind, value):
    """Exactly one pixel of each image changes, in every channel, and the input does not."""
    images = torch.full((2, 3, 9, 7), 100.0)
    struck = with_broken_pixel(images, kind, None, [generator(0, n) for n in range(2)])
    assert ((struck != images).sum((2, 3)) == 1).all()
    assert (struck[struck != images] == value).all()
    assert ((struck != images).all(1).sum((1, 2)) == 1).all()
    assert (images == 100).all()


def test_declared_limits_are_kept():
    """Where the range is declared, broken pixels lie at its ends."""
    images = torch.full((1, 1, 4, 4), 100.0)
    for kind, value in (("hot", 1023.0), ("dead", 64.0)):
        struck = with_broken_pixel(images, kind, (64.0, 1023.0), [generator(0)])
        assert value in struck


def test_the_full_scale_is_the_lowest_that_holds_the_image():
    """Images in 0..1, of 8, 12 and 16 bits, and those that no camera gives."""
    found = [full_scale(torch.tensor([[[high]]])) for high in (0.7, 185.0, 255.0, 256.0, 5e3, 1e6)]
    assert found == [1.0, 255.0, 255.0, 4095.0, 65535.0, 1e6]
