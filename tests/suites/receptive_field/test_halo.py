"""Controls of receptive_field.halo: the halo that is needed, against the one that is declared."""

from __future__ import annotations

import torch

from suites.receptive_field.halo import Halo, busiest
from tests.suites.receptive_field.chain import after_reach
from tests.toys import Contrast, mean_of, scene, scenes, segmenter, zscore_threshold


def box(**card):
    """Return a model that compares each pixel with 15 px around it, so that it sees 7 px far."""
    return segmenter(Contrast(15, 12.0), output="sigmoid-logits", **card)


def test_a_halo_too_small_leaves_a_seam():
    """Positive control: with a declared halo of 2 px labels of the tile still change."""
    rows = after_reach(Halo(tile_px=16), box(halo=2), scenes(3))
    assert mean_of(rows, "seam_fraction") > 0.001
    assert mean_of(rows, "missing_halo_px") > 1


def test_a_halo_of_the_reach_leaves_none():
    """Negative control: with a halo of 7 px the tile is what it is in the whole image."""
    rows = after_reach(Halo(tile_px=16), box(halo=7), scenes(3))
    assert mean_of(rows, "seam_fraction") == mean_of(rows, "missing_halo_px") == 0
    assert 3 <= mean_of(rows, "halo_px") <= 7


def test_the_halo_found_suffices_for_a_tile_that_is_cut_out():
    """A tile with the halo of the reach, cut out of the image, has the labels of the whole."""
    model, image = box(), torch.from_numpy(scene(0).image())[None]
    whole = model.predict(image).labels
    top, left = busiest(whole[0] > 0, 16)
    top, left = max(7, min(top, 41)), max(7, min(left, 41))
    cut = model.predict(image[..., top - 7 : top + 23, left - 7 : left + 23]).labels
    assert torch.equal(cut[:, 7:23, 7:23], whole[:, top : top + 16, left : left + 16])


def test_a_pixelwise_model_needs_no_halo():
    """A normaliser does not count as a halo; where none is declared, none is judged."""
    rows = after_reach(Halo(tile_px=16), zscore_threshold(), scenes(2))
    assert mean_of(rows, "halo_px") == 0
    silent = {row.undefined for row in rows if row.metric != "halo_px"}
    assert silent == {"the model's card declares no halo"}
