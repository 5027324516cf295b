"""Controls of adversarial.spatial: a model that knows where things are breaks when they move."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import rotate

from suites.adversarial.spatial import Spatial, displaced
from tests.toys import Does, mean_of, rows_of, scene, scenes, segmenter, zscore_threshold


def test_a_threshold_follows_what_moves():
    """Negative control: a pixelwise model loses only outlines when all pixels move."""
    rows = rows_of(Spatial(), zscore_threshold(), scenes(2))
    assert mean_of(rows, "worst_drop") < 0.15


def test_a_model_that_knows_its_place_by_heart_breaks():
    """Positive control: an answer that never moves is wrong as soon as the scene does."""
    known = torch.from_numpy(scene().mask())[None, None].float() * 8 - 4
    fixed = segmenter(Does(lambda x: known + 0 * x), output="sigmoid-logits", digest="fixed")
    rows = rows_of(Spatial(), fixed, scenes(1))
    assert mean_of(rows, "worst_drop") > 0.3
    assert mean_of(rows, "worst_iou") == pytest.approx(mean_of(rows, shift_px=4.0))


def test_a_turn_is_a_turn():
    """Image and mask turn together, as scipy turns them."""
    sample = scene(noise=0.0)
    image = torch.from_numpy(sample.image())[None]
    mask = torch.from_numpy(sample.mask())[None]
    turned, truth = displaced(image, mask, degrees=5.0)
    expected = rotate(sample.image()[0], 5.0, reshape=False, order=1, mode="mirror")
    inner = np.s_[8:-8, 8:-8]
    difference = np.abs(turned[0, 0].numpy() - expected)[inner]
    backwards = np.abs(
        turned[0, 0].numpy()
        - rotate(sample.image()[0], -5.0, reshape=False, order=1, mode="mirror")
    )[inner]
    assert min(difference.mean(), backwards.mean()) < 1.0
    assert bool(((turned[0, 0] > 140) == (truth[0] > 0))[inner].float().mean() > 0.98)


def test_a_shift_is_a_shift():
    """A shift by whole pixels moves every pixel by as many along both axes."""
    image = torch.rand(1, 1, 20, 30, generator=torch.Generator().manual_seed(0))
    mask = (image[:, 0] > 0.5).long()
    moved, truth = displaced(image, mask, pixels=4.0)
    assert torch.allclose(moved[..., :-5, :-5], image[..., 4:-1, 4:-1], atol=1e-4)
    assert torch.equal(truth[..., :-5, :-5], mask[..., 4:-1, 4:-1])
