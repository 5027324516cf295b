"""The laws of the images that healthy networks learn from and are audited on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from baselines.healthy.grounds import CHECK, KINDS, SET, SIMULATIONS, ImagePart, cut, ground
from baselines.healthy.wide import TILE_PX, wide


@pytest.mark.parametrize("kind", SIMULATIONS)
def test_simulated_halves_share_no_image(kind):
    """Simulated images of the two halves, and of the parts of one, are all different."""
    used = [ground(kind, half, Path()) for half in (SET, CHECK)]
    images = [one.digest for each in used for one in (*each.train, *each.test)]
    assert len(images) == len(set(images)) == 2 * (24 + 10)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in SIMULATIONS])
def test_real_halves_swap_sides(kind, real_data):
    """What one half is audited on, the other learns from, and no image is on both sides."""
    one, other = (ground(kind, half, real_data) for half in (SET, CHECK))
    for first, second in ((one, other), (other, one)):
        learnt = {sample.digest for sample in first.train}
        assert not learnt & {sample.digest for sample in first.test}
        assert not {s.digest for s in first.test} & {s.digest for s in second.test}
    assert all(sample.shape[0] == 1 for sample in (*one.test, *other.test))


def test_a_cut_bins_light_and_truth():
    """A binned window holds the mean light, and an object where it covers half of a block."""
    image = np.arange(16, dtype=np.float32).reshape(1, 4, 4)
    mask = np.zeros((4, 4), np.int64)
    mask[:3, 2:] = 7
    sample = scene_of(image, mask)
    window = cut(sample, ImagePart(slice(0, 4), slice(2, 4), binned=2))
    assert window.shape == (1, 2, 1)
    assert window.image().tolist() == [[[4.0], [12.0]]]
    assert window.mask().tolist() == [[7], [7]]
    assert window.digest != sample.digest


def scene_of(image, mask):
    """Return a sample of given pixels."""
    from audit.datasets.sample import Sample

    return Sample(
        id="a",
        image=partial(np.copy, image),
        mask=partial(np.copy, mask),
        shape=image.shape,
        digest="a",
    )


@pytest.mark.parametrize("kind", SIMULATIONS)
def test_wide_images_need_tiles(kind):
    """Wide images exceed a tile, and none of them is learnt from or audited on otherwise."""
    for half in (SET, CHECK):
        used = ground(kind, half, Path())
        others = {one.digest for one in (*used.train, *used.test)}
        for one in wide(kind, half, Path()):
            assert max(one.shape) > TILE_PX
            assert one.digest not in others
