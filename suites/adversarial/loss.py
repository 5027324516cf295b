"""What an attack maximises: losses of pixels, each looking for errors in its own way."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from audit.meaning import IGNORE
from audit.models.segmenter import highest

Loss = Callable[[Tensor, Tensor, float], Tensor]
"""Of logits (B, K, Y, X), truth (B, Y, X) and the progress of the attack, 0 to 1."""


def masked(logits: Tensor, truth: Tensor, _: float) -> Tensor:
    """Return the mean cross-entropy of pixels that are still right.

    A pixel that is wrong already cannot be made worse, and would only take the step's strength.
    Source: Croce, Singh and Hein 2024, arXiv:2306.12941.
    """
    return (right(logits, truth) * errors(logits, truth)).mean()


def balanced(logits: Tensor, truth: Tensor, _: float) -> Tensor:
    """Return the masked cross-entropy in which every class of the truth weighs the same.

    Source: Croce, Singh and Hein 2024, arXiv:2306.12941.
    """
    counts = torch.bincount(truth[truth != IGNORE], minlength=logits.shape[1])
    weights = truth.numel() / (int((counts > 0).sum()) * counts.clamp_min(1)).to(logits)
    # What is ignored has no error, whatever weight it takes here.
    return (right(logits, truth) * weights[truth] * errors(logits, truth)).mean()


def jensen_shannon(logits: Tensor, truth: Tensor, _: float) -> Tensor:
    """Return the mean Jensen-Shannon divergence of prediction and truth, 0..log 2.

    It is bounded, so that pixels that are far wrong stop pulling. With p the probability of the
    true class it is log 2 + (p log p - (1 + p) log(1 + p)) / 2.
    Source: Croce, Singh and Hein 2024, arXiv:2306.12941.
    """
    log_p = -errors(logits, truth)
    p = log_p.exp()
    return (math.log(2) + (p * log_p - (1 + p) * p.log1p()) / 2).mean()


def segpgd(logits: Tensor, truth: Tensor, progress: float) -> Tensor:
    """Return the mean cross-entropy whose weight moves from right pixels to all of them.

    `progress` runs from 0 to 1: right pixels weigh 1 - progress / 2, wrong ones progress / 2.
    Source: Gu et al. 2022, arXiv:2207.12391.
    """
    still = right(logits, truth)
    weights = still * (1 - progress / 2) + (1 - still) * progress / 2
    return (weights * errors(logits, truth)).mean()


def errors(logits: Tensor, truth: Tensor) -> Tensor:
    """Return the cross-entropy of each pixel (B, Y, X) in nats, 0 where the truth ignores it."""
    return cross_entropy(logits, truth, reduction="none", ignore_index=IGNORE)


def right(logits: Tensor, truth: Tensor) -> Tensor:
    """Return 1 where a pixel's class (B, Y, X) is the true one, else 0."""
    return (highest(logits.detach()) == truth).to(logits)


LOSSES: dict[str, Loss] = {
    "masked": masked,
    "balanced": balanced,
    "jensen_shannon": jensen_shannon,
    "segpgd": segpgd,
}

FALLING = ("balanced",)
CLIMBING = ("jensen_shannon", "masked", "jensen_shannon", "segpgd")
"""Losses that share a walk, down from wide balls or up from narrow ones, in the order of turns.

Where every pixel weighs the same the pull is towards the class of most pixels, where every class
does, towards the other: together they would stand still. Every other turn is of the loss that goes
on seeing pixels which are wrong already: the others stand still where they began.
"""
