"""Laws of optimisers and schedules: a step by hand, and rates that end as their names say."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from baselines.optimiser import find_optimiser, find_schedule
from baselines.recipe import Recipe


def rates(schedule):
    """Return the learning rate of each of twenty steps."""
    recipe = Recipe(schedule=schedule, epochs=4, steps=5, learning_rate=0.2)
    optimiser = find_optimiser(recipe, nn.Linear(1, 1))
    plan = find_schedule(recipe, optimiser)
    found = []
    for _ in range(20):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        plan.step()
    return found


def test_a_constant_rate_is_constant():
    """The recipe's rate from the first step to the last."""
    assert rates("constant") == [0.2] * 20


def test_a_cosine_falls_from_the_rate_to_nothing():
    """The closed form of half a cosine."""
    expected = [0.1 * (1 + math.cos(math.pi * step / 20)) for step in range(20)]
    assert rates("cosine") == pytest.approx(expected)


def test_one_cycle_rises_to_the_rate_and_falls_to_nothing():
    """It starts at a twenty-fifth, reaches the recipe's rate within a third, and ends near zero."""
    found = rates("one-cycle")
    assert found[0] == pytest.approx(0.2 / 25)
    assert max(found) == pytest.approx(0.2, rel=0.02)
    assert found.index(max(found)) in {5, 6}
    assert found[-1] < 0.001


def test_sgd_has_momentum_and_decay():
    """Two steps of constant slope 1 are those of the textbook's velocity."""
    recipe = Recipe(optimiser="sgd", schedule="constant", learning_rate=0.1, weight_decay=0.01)
    layer = nn.Linear(1, 1, bias=False)
    nn.init.constant_(layer.weight, 3.0)
    optimiser = find_optimiser(recipe, layer)
    weight, velocity = 3.0, 0.0
    for _ in range(2):
        layer.weight.grad = torch.ones_like(layer.weight)
        optimiser.step()
        velocity = 0.9 * velocity + 1 + 0.01 * weight
        weight -= 0.1 * velocity
    assert float(layer.weight.detach()) == pytest.approx(weight)


def test_adam_takes_a_first_step_of_the_rate():
    """Whatever the slope's size."""
    layer = nn.Linear(1, 1, bias=False)
    nn.init.constant_(layer.weight, 3.0)
    optimiser = find_optimiser(Recipe(learning_rate=0.1), layer)
    layer.weight.grad = torch.full_like(layer.weight, 1e3)
    optimiser.step()
    assert float(layer.weight.detach()) == pytest.approx(2.9, abs=1e-5)
