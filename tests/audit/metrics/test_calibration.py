"""Laws of calibration, held against other implementations."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import brentq
from scipy.special import log_softmax, softmax

from audit.metrics.calibration import (
    HOTTEST,
    best_temperature,
    calibration_error,
    negative_log_likelihood,
)


def drawn(temperature: float, count: int = 4000, classes: int = 3):
    """Return logits and truth drawn from their softmax; the logits then too sure by a factor."""
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (count, classes))
    truth = np.array([random.choice(classes, p=row) for row in softmax(logits, 1)])
    return torch.tensor(logits * temperature), torch.tensor(truth)


@pytest.mark.parametrize("planted", [0.5, 1.0, 3.0, 12.0])
def test_a_planted_temperature_is_found(planted):
    """Logits multiplied by a factor have that temperature."""
    assert best_temperature(*drawn(planted)) == pytest.approx(planted, rel=0.06)


def test_the_temperature_is_where_the_derivative_vanishes():
    """Agrees with a root of the derivative: the mean logit of the truth is its expectation."""
    logits, truth = drawn(2.0)
    numbers, right = logits.numpy(), logits.numpy()[np.arange(len(truth)), truth.numpy()]

    def slope(inverse):
        return float((right - (softmax(numbers * inverse, 1) * numbers).sum(1)).mean())

    assert best_temperature(logits, truth) == pytest.approx(1 / brentq(slope, 1e-3, 10), rel=1e-3)


def test_the_likelihood_is_that_of_scipy():
    """The mean of -log softmax of the true classes, scaled or not."""
    logits, truth = drawn(1.0, 200)
    for temperature in (1.0, 3.0):
        shares = log_softmax(logits.numpy() / temperature, 1)
        expected = -shares[np.arange(200), truth.numpy()].mean()
        assert negative_log_likelihood(logits, truth, temperature) == pytest.approx(expected)


def test_what_is_never_wrong_has_no_temperature():
    """The surer the likelier: there is no best; what is always wrong ends at the hottest."""
    logits = torch.tensor([[0.0, 3.0], [4.0, 0.0]])
    assert best_temperature(logits, torch.tensor([1, 0])) is None
    hot = best_temperature(logits, torch.tensor([0, 1]))
    assert hot == pytest.approx(HOTTEST, rel=0.01)


@pytest.mark.parametrize("bins", [5, 15])
def test_the_calibration_error_is_that_of_a_loop(bins):
    """Bins of equal width, closed above, weighted by what they hold."""
    random = np.random.default_rng(3)
    confidence, right = random.random(500), random.random(500) < 0.7
    expected = 0.0
    for low in np.arange(bins) / bins:
        inside = (confidence > low) & (confidence <= low + 1 / bins)
        if inside.any():
            gap = right[inside].mean() - confidence[inside].mean()
            expected += inside.mean() * abs(gap)
    found = calibration_error(torch.tensor(confidence), torch.tensor(right), bins)
    assert found == pytest.approx(expected)
