"""Ten images, five to learn from and five to be tested on, and a recipe that hardly learns."""

from __future__ import annotations

import torch

from baselines.flaws.images import FlawImages
from baselines.recipe import Recipe
from tests.toys import cells

TEN = cells(10)
MATERIAL = FlawImages(train=TEN[:5], test=TEN[5:])
RECIPE = Recipe(name="short", widths=(4, 8), epochs=1, steps=2, batch=2, crop_px=32, validation=0.3)


def images(samples=MATERIAL.test):
    """Return samples as one batch."""
    return torch.stack([torch.from_numpy(sample.image()) for sample in samples])


def readings(sample):
    """Return what a sample gives: its image, mask and object numbers."""
    return sample.image(), sample.mask(), sample.instances()
