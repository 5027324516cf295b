"""Optimisers and learning rate schedules by the names that recipes use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import ConstantLR, CosineAnnealingLR, OneCycleLR

if TYPE_CHECKING:
    from torch import nn
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler

    from baselines.recipe import Recipe

MOMENTUM = 0.9
"""Of SGD."""


def find_optimiser(recipe: Recipe, network: nn.Module) -> Optimizer:
    """Return the recipe's optimiser of a network's weights."""
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimiser == "sgd":
        return SGD(network.parameters(), rate, momentum=MOMENTUM, weight_decay=decay)
    return Adam(network.parameters(), rate, weight_decay=decay)


def find_schedule(recipe: Recipe, optimiser: Optimizer) -> LRScheduler:
    """Return the recipe's schedule, which is asked once a step; the recipe's rate is its highest.

    One-cycle is of Smith and Topin 2017, arXiv:1708.07120: it warms up, and it varies the momentum
    the other way round. Cosine falls to zero at the last step: arXiv:1608.03983, no restart.
    """
    steps = recipe.epochs * recipe.steps
    if recipe.schedule == "one-cycle":
        return OneCycleLR(optimiser, recipe.learning_rate, total_steps=steps)
    if recipe.schedule == "cosine":
        return CosineAnnealingLR(optimiser, steps)
    return ConstantLR(optimiser, factor=1.0, total_iters=0)
