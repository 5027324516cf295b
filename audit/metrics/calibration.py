"""Whether probabilities mean what they say: likelihood, temperature, calibration error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from scipy.optimize import minimize_scalar

if TYPE_CHECKING:
    from torch import Tensor

COLDEST, HOTTEST = 0.01, 100.0
"""The temperatures among which the best is sought."""

BINS = 15


def negative_log_likelihood(logits: Tensor, truth: Tensor, temperature: float = 1.0) -> float:
    """Return the mean of -log p of the true classes, in nats; logits (N, K), truth (N,).

    >>> negative_log_likelihood(torch.zeros(3, 4), torch.tensor([0, 1, 2])) == math.log(4)
    True
    """
    scaled = logits.double() / temperature
    right = scaled.gather(1, truth[:, None])[:, 0]
    return float((scaled.logsumexp(1) - right).mean())


def best_temperature(logits: Tensor, truth: Tensor) -> float | None:
    """Return what logits (N, K) must be divided by for the true classes (N,) to be likeliest.

    Above 1: overconfident, below 1: underconfident. None where no temperature is best: every pixel
    is right, so that colder is always better. At least COLDEST, at most HOTTEST. The likelihood has
    one maximum, since it is concave in 1 / T. Source: Guo et al. 2017, arXiv:1706.04599.

    >>> logits = torch.tensor([[0.0, 6.0], [0.0, 6.0], [0.0, 6.0], [6.0, 0.0]])
    >>> found = best_temperature(logits, torch.tensor([1, 1, 0, 0]))  # sure, 3 of 4 right
    >>> round(found, 3) == round(6 / math.log(3), 3)
    True
    """
    if bool((logits.argmax(1) == truth).all()):
        return None
    found = minimize_scalar(
        lambda log: negative_log_likelihood(logits, truth, math.exp(log)),
        bounds=(math.log(COLDEST), math.log(HOTTEST)),
        method="bounded",
        options={"xatol": 1e-4},
    )
    return math.exp(float(found.x))


def calibration_error(confidence: Tensor, right: Tensor, bins: int = BINS) -> float:
    """Return the expected calibration error, 0..1, of confidences (N,) in 0..1; right (N,) is bool.

    The mean over bins of equal width of |share right - mean confidence|, weighted by their pixels.
    Source: Guo et al. 2017, arXiv:1706.04599.

    >>> confidence = torch.tensor([0.9, 0.9, 0.6, 0.6])
    >>> round(calibration_error(confidence, torch.tensor([True, True, True, False])), 6)
    0.1
    """
    number = (confidence.double() * bins).ceil().long().clamp(1, bins) - 1
    gap = right.double() - confidence.double()
    summed = torch.zeros(bins, dtype=torch.float64, device=gap.device).index_add_(0, number, gap)
    return float(summed.abs().sum()) / len(confidence)
