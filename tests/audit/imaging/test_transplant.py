"""Laws of transplanting: places by brute force, no seam on a plane, nothing changed elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from audit.imaging.transplant import (
    fitting_place,
    mismatch,
    moved,
    places,
    stencil,
    transplant,
)


def block(shape=(40, 50), at=(10, 12), size=(5, 7)):
    """Return a mask that holds one rectangle."""
    mask = torch.zeros(shape, dtype=torch.bool)
    mask[at[0] : at[0] + size[0], at[1] : at[1] + size[1]] = True
    return mask


def test_places_are_those_of_brute_force():
    """Every offset at which the shape lies on ground and inside the field, and no other."""
    stream = np.random.default_rng(1)
    ground = torch.from_numpy(ndimage.gaussian_filter(stream.normal(size=(20, 24)), 2) > -0.05)
    shape = torch.zeros(20, 24, dtype=torch.bool)
    shape[4:7, 5:9] = torch.tensor([[0, 1, 1, 0], [1, 1, 1, 1], [0, 1, 0, 0]], dtype=torch.bool)
    expected = []
    for y in range(-4, 14):
        for x in range(-5, 16):
            there = np.argwhere(shape.numpy()) + np.array([y, x])
            if bool(ground[there[:, 0], there[:, 1]].all()):
                expected.append((y, x))
    assert 10 < len(expected) < 300
    assert places(shape, ground) == expected


def test_a_shape_of_nothing_has_no_place():
    """Neither an empty shape nor a field without ground has a place."""
    empty = torch.zeros(9, 9, dtype=torch.bool)
    assert places(empty, ~empty) == []
    assert places(~empty, empty) == []


@pytest.mark.parametrize("offset", [(0, 0), (3, -4), (-2, 5), (50, 0), (0, -60)])
def test_moving_agrees_with_scipy(offset):
    """Equal to scipy.ndimage.shift by whole pixels, with nothing flowing in."""
    plane = torch.rand(12, 17, generator=torch.Generator().manual_seed(2))
    expected = ndimage.shift(plane.numpy(), offset, order=0)
    assert np.array_equal(moved(plane, offset).numpy(), expected)


def test_the_weight_falls_linearly_beyond_the_halo():
    """1 up to the halo, then down in equal steps over the feather, 0 beyond."""
    cut = stencil(block(at=(19, 20), size=(1, 1)), halo_px=3, feather_px=4)
    row = cut.weight[19, 20:].tolist()
    assert row[:10] == pytest.approx([1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2, 0, 0], abs=1e-6)
    assert int(cut.body.sum()) == 1


def test_uneven_brightness_leaves_no_seam():
    """Background of another brightness is lifted to that of its new surroundings, each channel."""
    image = torch.full((2, 40, 80), 100.0)
    image[0, :, 40:], image[1, :, 40:] = 160.0, 20.0
    target = stencil(block((40, 80), at=(15, 10), size=(8, 8)), 3, 4)
    covered = transplant(image, target, image, (0, 45))
    assert torch.allclose(covered, image, atol=1e-4)


def test_only_the_support_changes_and_inside_it_is_the_source():
    """The image is not written to; nothing changes outside; inside lies the source, lifted."""
    image = torch.rand(1, 40, 80, generator=torch.Generator().manual_seed(3)) * 100
    before = image.clone()
    target = stencil(block((40, 80), at=(15, 10), size=(8, 8)), 2, 3)
    covered = transplant(image, target, image, (2, 40))
    assert torch.equal(image, before)
    assert torch.equal(covered[:, ~target.support], image[:, ~target.support])
    inside = target.weight == 1
    there = moved(image[0], (-2, -40))
    steps = (covered[0] - there)[inside]
    assert float(steps.max() - steps.min()) < 1e-4
    rim = target.rim
    assert float(steps[0]) == pytest.approx(float((image[0] - there)[rim].mean()), abs=1e-4)


def test_the_best_fitting_place_wins():
    """Of all places that are drawn, surroundings that continue the target's are taken."""
    image = torch.rand(1, 40, 80, generator=torch.Generator().manual_seed(4)) * 100
    image[:, 10:30, 50:70] = image[:, 10:30, 5:25] + 7
    target = stencil(block((40, 80), at=(18, 13), size=(4, 4)), 2, 3)
    offsets = [(0, 30), (0, 45), (5, 40)]
    assert mismatch(image, target, (0, 45)) == pytest.approx(0, abs=1e-4)
    chosen = fitting_place(image, target, offsets, torch.Generator().manual_seed(0))
    assert chosen == (0, 45)
