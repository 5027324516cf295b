"""Laws of looking: a channel seems to be what it agrees with, and unknown where it does not."""

from __future__ import annotations

import torch
from scipy.ndimage import distance_transform_edt
from skimage.segmentation import find_boundaries

from audit.models.channels import channels_of

OBJECTS = torch.zeros(40, 50, dtype=torch.int64)
OBJECTS[5:20, 5:20], OBJECTS[22:36, 24:45] = 1, 2
INSIDE = (OBJECTS > 0).float()
RIM = torch.from_numpy(find_boundaries(OBJECTS.numpy())).float()
DEPTH = torch.from_numpy(distance_transform_edt(INSIDE.numpy())).float()
NOISE = torch.rand(40, 50, generator=torch.Generator().manual_seed(0))


def test_each_channel_is_named_by_what_it_agrees_with():
    """Foreground, background, boundary, distance and nothing are told apart."""
    planes = torch.stack((INSIDE, 1 - INSIDE, RIM, DEPTH, NOISE * 3 - 1.5))
    seen = channels_of(planes, OBJECTS)
    names = ["foreground", "background", "boundary", "distance", "unknown"]
    assert [one.seems for one in seen] == names
    assert [one.activated for one in seen] == [True, True, True, False, False]


def test_without_truth_only_the_numbers_speak():
    """Range and share above the middle are known of any image; what a channel is, is not."""
    (one,) = channels_of(INSIDE[None] * 8 - 4, None)
    assert (one.low, one.high, one.activated, one.seems) == (-4, 4, False, "unknown")
    assert abs(one.above - float(INSIDE.mean())) < 1e-6
