"""Laws of sampling: every place has its chance, and a rare class the share that was asked for."""

from __future__ import annotations

import math

import torch

from baselines.recipe import Recipe
from baselines.sampling import Crops

SIDE = 64
RARE = 2


def crops(oversampling):
    """Return crops of ten images, a pixel in one of which is of a rare class."""
    masks = [torch.zeros(SIDE, SIDE).long() for _ in range(10)]
    for mask in masks:
        mask[:, : SIDE // 4] = 1
    masks[7][50, 40] = RARE
    images = [mask[None].float() for mask in masks]
    recipe = Recipe(oversampling=oversampling, crop_px=16, turns=False)
    return Crops(images, masks, recipe, torch.Generator().manual_seed(0))


def share_with_rare(drawn, count=300):
    """Return the share of windows that hold the rare pixel."""
    found = [drawn.cut(drawn.window())[1] for _ in range(count)]
    return sum(bool((mask == RARE).any()) for mask in found) / count


def test_a_rare_class_is_seen_as_often_as_asked_for():
    """A third of oversampled crops hold the rarest of three classes; a hundredth of the others."""
    for oversampling in (0.0, 0.5, 1.0):
        expected = oversampling / 3
        error = 4 * math.sqrt(max(expected * (1 - expected), 0.02) / 300)
        assert abs(share_with_rare(crops(oversampling)) - expected) < error


def test_a_window_lies_inside_its_image_and_shows_its_class():
    """At borders it is shifted in, never padded; the pixel that it is drawn for is in it."""
    drawn = crops(1.0)
    for _ in range(200):
        window = drawn.window()
        assert 0 <= window.top <= SIDE - window.side
        assert 0 <= window.left <= SIDE - window.side
        assert drawn.cut(window)[1].shape == (16, 16)


def test_every_place_comes():
    """Without oversampling each corner and each image has its crops."""
    drawn = crops(0.0)
    windows = [drawn.window() for _ in range(2000)]
    assert {window.image for window in windows} == set(range(10))
    last = SIDE - 16
    assert {window.top for window in windows} == set(range(last + 1))
    assert {window.left for window in windows} == set(range(last + 1))


def test_a_crop_larger_than_the_image_is_all_of_it():
    """A small image is enlarged to the crop, and its mask with it."""
    image, mask = torch.rand(1, 20, 30), torch.randint(2, (20, 30))
    drawn = Crops([image], [mask], Recipe(crop_px=32), torch.Generator().manual_seed(0))
    images, masks = drawn.batch()
    assert images.shape[-2:] == masks.shape[-2:] == (32, 32)
    assert drawn.window().side == 20
