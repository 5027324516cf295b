"""Laws of the losses: the numbers of NumPy, the slopes of finite differences, less where right."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
import torch

from baselines.losses import find_loss
from baselines.recipe import Loss

CLASSES = 4
STREAM = torch.Generator().manual_seed(0)
LOGITS = 2 * torch.randn((2, CLASSES, 5, 6), generator=STREAM, dtype=torch.float64)
TRUTH = torch.randint(CLASSES - 1, (2, 5, 6), generator=STREAM)
"""No pixel is of the last class: losses must bear classes that nobody sees."""

NAMES = get_args(Loss)


def by_hand(name):
    """Return a loss of LOGITS and TRUTH, pixel by pixel, in NumPy."""
    logits, truth = LOGITS.numpy(), TRUTH.numpy()
    powers = np.exp(logits)
    found = powers / powers.sum(1, keepdims=True)
    right = np.take_along_axis(found, truth[:, None], 1)[:, 0]
    counts = np.bincount(truth.ravel(), minlength=CLASSES)
    error = ((found * np.arange(CLASSES)[:, None, None]).sum(1) - truth) / (CLASSES - 1)
    overlaps = []
    for number in range(CLASSES):
        probability, there = found[:, number], truth == number
        both, either = (probability * there).sum(), probability.sum() + there.sum()
        overlaps.append((2 * both + 1) / (either + 1))
    weights = 1 / np.maximum(counts, 1)[truth]
    values = {
        "cross-entropy": -np.log(right).mean(),
        "weighted": -(weights * np.log(right)).sum() / weights.sum(),
        "dice": 1 - np.mean(overlaps),
        "focal": -((1 - right) ** 2 * np.log(right)).mean(),
        "mse": (error**2).mean(),
        "mae": np.abs(error).mean(),
    }
    values["cross-entropy+dice"] = values["cross-entropy"] + values["dice"]
    return values[name]


def loss(name):
    """Return a loss in double precision."""
    return find_loss(name, [TRUTH], CLASSES)


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_is_that_of_numpy(name):
    """The same number by an implementation of another kind."""
    tolerance = 1e-6 if name == "weighted" else 1e-12
    assert float(loss(name)(LOGITS, TRUTH)) == pytest.approx(by_hand(name), rel=tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_is_that_of_finite_differences(name):
    """Backpropagation agrees with small steps of each logit."""
    logits = LOGITS[:1, :, :2, :2].clone().requires_grad_()
    assert torch.autograd.gradcheck(lambda one: loss(name)(one, TRUTH[:1, :2, :2]), logits)


@pytest.mark.parametrize("name", NAMES)
def test_learning_leads_to_the_truth(name):
    """Down the slope from any start every loss falls to nearly nothing, and the truth is said."""
    logits = (0.1 * LOGITS).clone().requires_grad_()
    optimiser = torch.optim.Adam([logits], 0.3)
    for _ in range(400):
        optimiser.zero_grad()
        value = loss(name)(logits, TRUTH)
        value.backward()
        optimiser.step()
    assert float(value.detach()) < 0.02
    if name not in {"mse", "mae"}:
        assert torch.equal(logits.argmax(1), TRUTH)


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_batch_costs_the_same(name):
    """A loss is a mean: doubling the batch does not change it, Dice's one pixel aside."""
    one = loss(name)(LOGITS, TRUTH)
    two = loss(name)(torch.cat((LOGITS, LOGITS)), torch.cat((TRUTH, TRUTH)))
    assert float(two) == pytest.approx(float(one), rel=0.05 if "dice" in name else 1e-6)


def test_weights_give_each_class_its_share():
    """Where every pixel is as wrong as its class, the weighted loss is the mean over classes."""
    truth = torch.tensor([[[0] * 90 + [1] * 9 + [2]]])
    logits = torch.zeros(1, 3, 1, 100)
    logits[:, 2] = 2.0
    each = -logits[0, :, 0, 0].log_softmax(0)
    weighted = find_loss("weighted", [truth], 3)(logits, truth)
    assert float(weighted) == pytest.approx(float(each.mean()), rel=1e-5)
