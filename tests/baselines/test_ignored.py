"""Laws of training: what the truth ignores teaches nothing, and breaks nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.meaning import IGNORE
from baselines.loop import foreground_iou
from baselines.losses import LOSSES, class_weights, find_loss
from baselines.preparation import coarser
from baselines.recipe import Recipe
from baselines.training import train
from tests.toys import scenes


def half_ignored():
    """Return logits (2, 3, 8, 8) and a truth of which the left half is ignored."""
    stream = torch.Generator().manual_seed(0)
    truth = torch.randint(0, 3, (2, 8, 8), generator=stream)
    truth[..., :4] = IGNORE
    return torch.randn(2, 3, 8, 8, generator=stream), truth


@pytest.mark.parametrize("name", [*LOSSES, "weighted"])
def test_a_loss_is_that_of_the_judged_pixels(name):
    """The loss equals that of the judged half alone, and has no slope in the other."""
    logits, truth = half_ignored()
    loss = find_loss(name, list(truth), 3)
    logits = logits.requires_grad_()
    found = loss(logits, truth)
    assert found.item() == pytest.approx(loss(logits[..., 4:], truth[..., 4:]).item(), rel=1e-5)
    (slope,) = torch.autograd.grad(found, logits)
    assert not slope[..., :4].any()
    assert slope[..., 4:].any()


@pytest.mark.parametrize("name", LOSSES)
def test_a_batch_of_ignored_pixels_alone_teaches_nothing(name):
    """Where nobody judged any pixel the loss is finite and has no slope."""
    logits = torch.randn(1, 2, 4, 4, requires_grad=True)
    found = LOSSES[name](logits, torch.full((1, 4, 4), IGNORE))
    assert torch.isfinite(found)
    (slope,) = torch.autograd.grad(found, logits, allow_unused=True)
    assert not slope.any()


def test_weights_scores_and_coarser_masks_leave_ignored_pixels_out():
    """Class weights, validation IoU and masks at the working scale do not count what is ignored."""
    _, truth = half_ignored()
    assert torch.equal(class_weights(list(truth), 3), class_weights(list(truth[..., 4:]), 3))
    assert foreground_iou(torch.ones(8, 8), torch.tensor([[IGNORE] * 4 + [1] * 4] * 8)) == 1
    small = coarser(truth[0].where(truth[0] == IGNORE, 1), 3, (4, 4))
    assert small.tolist() == [[IGNORE, IGNORE, 1, 1]] * 4


def test_a_network_trains_on_masks_with_ignored_pixels():
    """A training whose masks ignore a band ends with finite losses and the classes that are."""

    def banded(sample):
        mask = sample.mask().copy()
        mask[:, :20] = IGNORE
        return replace(sample, mask=mask.copy)

    samples = [banded(one) for one in scenes(3)]
    recipe = Recipe(epochs=1, steps=2, batch=2, crop_px=32, widths=(4, 8), oversampling=0.5)
    made = train(samples[:2], samples[2:], recipe)
    assert made.card.classes == 2
    assert all(np.isfinite(one.loss) and np.isfinite(one.val_loss) for one in made.log)
