"""Structure is what an image keeps when the camera, the lamp and the file format change."""

from __future__ import annotations

import pytest
import torch

from audit.imaging.bandpass import structure
from tests.toys import cells


@pytest.fixture
def image():
    """Return an image of cells (1, Y, X)."""
    return torch.from_numpy(cells(1, 96)[0].image())


def alike(one, other) -> float:
    """Return the correlation of two structures."""
    return float((one * other).mean())


def test_gain_and_offset_change_nothing(image):
    """A unit and a zero are no structure."""
    assert alike(structure(image, 1.0), structure(image * 257 + 4000, 1.0)) > 0.9999


def test_a_gradient_of_light_is_taken_away(image):
    """What is coarser than a few pixels is illumination."""
    light = torch.linspace(0.8, 1.2, 96)
    assert alike(structure(image, 1.0), structure(image * light, 1.0)) > 0.95


def test_the_power_is_one(image):
    """Every image has the same mean square, on any grid."""
    for factor in (0.5, 1.0, 4 / 3):
        found = structure(image, factor)
        assert found.shape == (round(96 * factor),) * 2
        assert float(found.square().mean()) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("level", [0.0, 32768.0])
def test_a_constant_image_has_none(level):
    """Nothing is made of nothing, nor of rounding."""
    assert not structure(torch.full((1, 64, 64), level), 1.0).any()
