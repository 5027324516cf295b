"""The adversary of adversarial training: a small projected gradient ascent on every batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from baselines.losses import entropy

if TYPE_CHECKING:
    from torch import Tensor, nn

STEPS = 3


def attacked(network: nn.Module, images: Tensor, masks: Tensor, radius: float) -> Tensor:
    """Return images (B, C, Y, X) changed by at most `radius` a pixel so that the loss rises.

    Starts from the images themselves, so that it draws no random numbers.
    Source: Madry et al. 2018, arXiv:1706.06083, with three steps.
    """
    change = torch.zeros_like(images)
    for _ in range(STEPS):
        change.requires_grad_(True)  # noqa: FBT003 (torch takes it by position)
        loss = entropy(network(images + change), masks)
        (slope,) = torch.autograd.grad(loss, change)
        step = change.detach() + radius * slope.sign() / (STEPS - 1)
        change = step.clamp(-radius, radius)
    return images + change
