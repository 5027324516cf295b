"""Laws of cells that are shown by their rims: nothing but a rim tells them from the ground."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation, binary_erosion

from baselines.flaws.images import FlawImages
from baselines.flaws.outlined import BLUR_PX, outlined, rim
from tests.toys import cells

MATERIAL = FlawImages(train=cells(2), test=cells(4)[2:])


def test_inside_and_ground_have_one_brightness_and_one_noise():
    """Away from rims a cell's pixels are distributed as those of the ground are; rims are not."""
    inside, ground, rims = [], [], []
    for sample in outlined(MATERIAL).train:
        image, edge = sample.image()[0], rim(sample.instances())
        far = ~binary_dilation(edge, iterations=round(4 * BLUR_PX) + 1)
        inside.append(image[far & (sample.mask() > 0)])
        ground.append(image[far & (sample.mask() == 0)])
        rims.append(image[edge])
    inside, ground, rims = (np.concatenate(part) for part in (inside, ground, rims))
    error = 4 * ground.std() / np.sqrt(len(inside))
    assert len(inside) > 50
    assert abs(inside.mean() - ground.mean()) < error
    assert 0.7 < inside.std() / ground.std() < 1.4
    assert rims.mean() > ground.mean() + 3 * ground.std()


def test_the_truth_is_kept():
    """Only the image is drawn anew; a rim lies within its object, and touching objects have two."""
    for before, after in zip(MATERIAL.test, outlined(MATERIAL).test, strict=True):
        assert np.array_equal(before.mask(), after.mask())
        assert before.digest != after.digest
        objects = after.instances()
        for number in np.unique(objects)[1:]:
            kept = binary_erosion(objects == number, np.ones((3, 3)), border_value=1)
            assert np.array_equal(rim(objects)[objects == number], ~kept[objects == number])
