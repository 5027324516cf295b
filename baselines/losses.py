"""What training minimises: seven losses of logits (B, K, Y, X) and class numbers (B, Y, X).

Each is a mean that does not depend on how many images or pixels there are, nor on pixels that the
truth ignores. Cross-entropies are in
nats a pixel; Dice is 0 to 1; the errors of class numbers are shares of the widest error, 0 to 1.
They leave the likeliest class open unless the network is `baselines.ordinal:ordinal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from audit.meaning import IGNORE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from baselines.recipe import Loss

FOCUS = 2.0
"""The gamma of focal loss, as in its source."""

SMOOTH_PX = 1.0
"""Pixels added to both sides of Dice's fraction, so that a class nobody saw costs nothing."""


def find_loss(
    name: Loss, masks: Sequence[Tensor], classes: int
) -> Callable[[Tensor, Tensor], Tensor]:
    """Return a loss by its name; "weighted" takes its weights from the training masks."""
    if name != "weighted":
        return LOSSES[name]
    weight = class_weights(masks, classes)
    return lambda logits, truth: entropy(logits, truth, weight.to(logits))


def class_weights(masks: Sequence[Tensor], classes: int) -> Tensor:
    """Return a weight for each class that gives it its equal share, 1 on average over pixels.

    >>> class_weights([torch.tensor([[0, 0, 0, 1]])], 2).tolist()
    [0.6666666865348816, 2.0]
    """
    known = torch.cat([mask[mask != IGNORE] for mask in masks])
    counts = torch.bincount(known, minlength=classes)
    share = counts.clamp_min(1) / counts.sum()
    weight = share**-1.0
    return weight / float((share * weight).sum())


def dice(logits: Tensor, truth: Tensor) -> Tensor:
    """Return 1 minus the soft Dice coefficient of the batch, averaged over the classes.

    The denominator is the sum of probabilities and pixels, not of their squares.
    Source: Milletari, Navab and Ahmadi 2016, arXiv:1606.04797; soft and by class as in Sudre et
    al. 2017, arXiv:1707.03237.
    """
    known = (truth != IGNORE)[:, None]
    found, there = logits.softmax(1) * known, planes(truth, logits)
    both, either = (one.sum((0, 2, 3)) for one in (found * there, found + there))
    return 1 - ((2 * both + SMOOTH_PX) / (either + SMOOTH_PX)).mean()


def focal(logits: Tensor, truth: Tensor) -> Tensor:
    """Return cross-entropy in which a pixel counts the less the surer it is: times (1 - p)^2.

    Source: Lin et al. 2017, arXiv:1708.02002, gamma 2, no class weights.
    """
    surprise = cross_entropy(logits, truth, reduction="none", ignore_index=IGNORE)
    return known_mean((1 - torch.exp(-surprise)) ** FOCUS * surprise, truth)


def cross_entropy_dice(logits: Tensor, truth: Tensor) -> Tensor:
    """Return the sum of cross-entropy and Dice loss."""
    return entropy(logits, truth) + dice(logits, truth)


def mse(logits: Tensor, truth: Tensor) -> Tensor:
    """Return the mean squared error of the expected class number, in units of the highest class."""
    return known_mean(class_error(logits, truth) ** 2, truth)


def mae(logits: Tensor, truth: Tensor) -> Tensor:
    """Return the mean absolute error of the expected class number, in units of the highest."""
    return known_mean(class_error(logits, truth).abs(), truth)


def class_error(logits: Tensor, truth: Tensor) -> Tensor:
    """Return by how much (B, Y, X) the class number expected under the softmax is off, -1 to 1."""
    highest = logits.shape[1] - 1
    numbers = torch.arange(highest + 1, device=logits.device, dtype=logits.dtype)
    expected = torch.einsum("bkyx,k->byx", logits.softmax(1), numbers)
    return (expected - truth) / highest


def planes(truth: Tensor, logits: Tensor) -> Tensor:
    """Return class numbers (B, Y, X) as one plane a class, shaped as the logits; none is IGNORE."""
    known = (truth != IGNORE)[:, None]
    return one_hot(truth.clamp_min(0), logits.shape[1]).movedim(-1, 1).to(logits.dtype) * known


def entropy(logits: Tensor, truth: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return the mean cross-entropy of pixels that are not ignored, 0 where all are."""
    if not bool((truth != IGNORE).any()):
        return 0 * logits.sum()
    return cross_entropy(logits, truth, weight, ignore_index=IGNORE)


def known_mean(values: Tensor, truth: Tensor) -> Tensor:
    """Return the mean of values (B, Y, X) where the truth is not ignored, 0 where all is.

    >>> known_mean(torch.tensor([1.0, 5.0]), torch.tensor([0, IGNORE]))
    tensor(1.)
    """
    known = truth != IGNORE
    if bool(known.all()):
        return values.mean()
    return (values * known).sum() / known.sum().clamp_min(1)


LOSSES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross-entropy": entropy,
    "dice": dice,
    "focal": focal,
    "cross-entropy+dice": cross_entropy_dice,
    "mse": mse,
    "mae": mae,
}
