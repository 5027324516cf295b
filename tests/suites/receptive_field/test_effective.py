"""Controls of receptive_field.effective: weight where it is, and not where a normaliser puts it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from suites.receptive_field.effective import Effective
from tests.suites.receptive_field.chain import after_reach
from tests.toys import Does, scenes, segmenter


def filtered(kernel, normalisation):
    """Return a model whose logit is an image filtered by a square kernel."""
    layer = nn.Conv2d(1, 1, len(kernel), padding=len(kernel) // 2, bias=False)
    layer.weight.data[0, 0] = torch.from_numpy(kernel).float()
    return segmenter(layer, output="sigmoid-logits", normalisation=normalisation)


def found(model):
    """Return the mean over images of each metric."""
    rows = after_reach(Effective(), model, scenes(2))
    return {name: np.mean([r.value for r in rows if r.metric == name]) for name in METRICS}


METRICS = ("r50_px", "r95_px", "used_fraction")


def radius(kernel, share):
    """Return the smallest rounded distance within which a share of a kernel's weight lies."""
    y, x = np.indices(kernel.shape) - len(kernel) // 2
    distance, weight = np.rint(np.hypot(y, x)), np.abs(kernel) / np.abs(kernel).sum()
    return next(r for r in range(99) if weight[distance <= r].sum() >= share - 1e-6)


@pytest.mark.parametrize("normalisation", ["none", "zscore", "minmax"])
def test_a_box_is_used_to_its_corners(normalisation):
    """Negative control: a box filter uses all of its field, whatever normalises before it."""
    kernel = np.ones((9, 9))
    measured = found(filtered(kernel, normalisation))
    assert measured["r50_px"] == radius(kernel, 0.5)
    assert measured["r95_px"] == radius(kernel, 0.95)
    assert measured["used_fraction"] == 1


@pytest.mark.parametrize("normalisation", ["none", "zscore"])
def test_a_wide_field_of_which_the_middle_counts(normalisation):
    """Positive control: of 21 px across a model uses three; a normaliser's floor is no use."""
    kernel = np.full((21, 21), 1e-4)
    kernel[9:12, 9:12] = 1
    measured = found(filtered(kernel, normalisation))
    assert measured["r95_px"] == radius(kernel, 0.95) == 1
    assert np.isclose(measured["used_fraction"], 9 / 21**2)


@pytest.mark.parametrize("still", [lambda images: images * 0, lambda images: images.detach()])
def test_without_a_gradient_there_is_a_reason(still):
    """An output that does not change with the input, or let go of it, has no radius."""
    still = segmenter(Does(still), output="sigmoid-logits")
    rows = after_reach(Effective(), still, scenes(1))
    assert {row.undefined for row in rows} == {
        "the output does not change with the input: no gradient"
    }
