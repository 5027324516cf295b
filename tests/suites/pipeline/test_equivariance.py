"""Controls of pipeline.equivariance: a shortcut by place or direction is caught, looking is not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.errors import UsageError
from suites.pipeline.equivariance import Equivariance
from tests.suites.pipeline.verdict import verdicts
from tests.toys import (
    Does,
    mean_of,
    raw_threshold,
    rows_of,
    scene,
    segmenter,
    zscore_threshold,
)


def prior():
    """Return a model that finds bright things, but only in the upper half of the field."""

    def forward(images):
        upper = torch.linspace(1, -1, images.shape[-2])[:, None] > 0
        return torch.where(upper, images - 140.0, torch.full_like(images, -1.0))

    return segmenter(Does(forward), output="sigmoid-logits", digest="prior")


def sideways():
    """Return a model that finds only what is brighter than what lies 12 px to its left."""
    return segmenter(
        Does(lambda images: images - images.roll(12, -1) - 40.0),
        output="sigmoid-logits",
        digest="left",
    )


def test_looking_does_not_depend_on_place_or_direction():
    """Negative control: a threshold agrees with itself wholly, in every turn and roll."""
    found = verdicts(Equivariance(), zscore_threshold(), "roll", "orientation")
    assert set(found.values()) == {"PASS"}
    rows = rows_of(Equivariance(), raw_threshold())
    assert {row.value for row in rows} == {1.0}
    assert len(rows) == 3 * 10


def test_a_prior_of_place_is_caught_by_the_roll():
    """Positive control: what is foreground above only fails, and it is seen along which axis."""
    assert verdicts(Equivariance(), prior(), "roll") == {"roll": "FAIL"}
    rows = rows_of(Equivariance(), prior())
    assert mean_of(rows, "agreement", roll="y") < 0.2
    assert mean_of(rows, "agreement", roll="x") == 1


def test_a_sense_of_direction_is_caught_by_turning():
    """Positive control: what is left-handed agrees neither turned nor mirrored, yet when rolled."""
    found = verdicts(Equivariance(), sideways(), "roll", "orientation")
    assert found["orientation"] == "FAIL"
    assert found["roll"] == "PASS"


def test_agreement_is_the_overlap_of_both_predictions():
    """The number is the Jaccard index of the prediction and the turned-back one, by NumPy."""
    image = scene(3, size=40).image()
    rows = rows_of(Equivariance(), sideways(), (scene(3, size=40),))
    plain = image[0] - np.roll(image[0], 12, 1) > 40
    turned = np.rot90(image[0], 1)
    back = np.rot90(turned - np.roll(turned, 12, 1) > 40, -1)
    expected = (plain & back).sum() / (plain | back).sum()
    assert mean_of(rows, "agreement", orientation="turned_90") == pytest.approx(expected)


def test_where_borders_come_to_lie_is_left_out():
    """What a border does to a network is no matter of place: rims of the margin's width agree."""

    def forward(images):
        out = images - 140.0
        out[..., :2, :] = 9.0
        return out

    model = segmenter(Does(forward), output="sigmoid-logits", digest="rim")
    wide = rows_of(Equivariance(margin_fraction=0.05), model)
    none = rows_of(Equivariance(margin_fraction=0.0), model)
    assert mean_of(wide, "agreement", roll="y") == 1
    assert mean_of(none, "agreement", roll="y") < 1


def test_settings_that_mean_nothing_are_refused():
    """An unknown turn, a step below a pixel, and margins that meet are wrong calls."""
    for wrong in ({"roll": ("z",)}, {"multiple_px": 0}, {"margin_fraction": 0.5}):
        with pytest.raises(UsageError, match=r"pipeline\.equivariance"):
            Equivariance(**wrong)
