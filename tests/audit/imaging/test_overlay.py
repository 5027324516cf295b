"""Laws of pictures: decodable, of a bounded size, and coloured where the model errs."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from audit.imaging.overlay import SIDE, draw, shades_of


def pixels(picture):
    """Return a picture as an array."""
    return np.asarray(Image.open(io.BytesIO(picture.jpeg))).astype(int)


@pytest.mark.parametrize("shape", [(1, 40, 60), (3, 300, 500), (1, 1, 1), (2, 1000, 3)])
def test_pictures_decode_and_stay_small(shape):
    """No side exceeds the stated one, and the size is what the picture says."""
    image = torch.rand(*shape)
    mask = torch.zeros(shape[1:], dtype=torch.int64)
    picture = draw(image, mask, mask, shades_of(image))
    assert pixels(picture).shape == (picture.height, picture.width, 3)
    assert max(picture.height, picture.width) <= SIDE


def test_errors_are_coloured_apart():
    """Missed area is bluish, invented area reddish, the rest grey."""
    image = torch.full((1, 100, 100), 0.5)
    image[..., 0, :] = 0.0
    image[..., -1, :] = 1.0
    truth, labels = (torch.zeros(100, 100, dtype=torch.int64) for _ in range(2))
    truth[10:40, 10:90] = 1
    labels[60:90, 10:90] = 1
    shown = pixels(draw(image, truth, labels, shades_of(image)))
    missed, invented, ground = shown[25, 50], shown[75, 50], shown[50, 50]
    assert missed[2] > missed[0] + 30
    assert invented[0] > invented[2] + 30
    assert np.ptp(ground) < 12


def test_a_strip_has_one_contrast():
    """A darkened image looks dark: the contrast is the clean image's."""
    clean = torch.rand(1, 50, 50)
    mask = torch.zeros(50, 50, dtype=torch.int64)
    usual, dark = (pixels(draw(clean * f, mask, mask, shades_of(clean))).mean() for f in (1, 0.3))
    assert dark < 0.5 * usual
