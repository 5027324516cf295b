"""Laws of the ordinal network: one number a pixel, and everything said follows from it."""

from __future__ import annotations

import torch

from baselines.losses import mse
from baselines.ordinal import SPREAD, ordinal

CLASSES = 12


def logits_of(numbers):
    """Return the logits (1, K, 1, N) of an ordinal network that says these numbers."""
    unet = ordinal(1, CLASSES, (4, 8)).unet
    unet.head = Says(numbers)
    return unet(torch.zeros(1, 1, 8, 8))


class Says(torch.nn.Module):
    """A head that says what it was told."""

    def __init__(self, numbers):
        super().__init__()
        self.said = numbers

    def forward(self, _):
        """Return the numbers as a line of pixels."""
        return self.said[None, None, None]


def test_the_likeliest_class_is_the_nearest():
    """Below the first it is the first, beyond the last the last."""
    numbers = torch.linspace(-3, 14, 200)
    expected = numbers.round().clamp(0, CLASSES - 1).long()
    assert torch.equal(logits_of(numbers).argmax(1)[0, 0], expected)


def test_the_expected_class_is_the_number():
    """Between the second class and the last but one to a twentieth of a class."""
    numbers = torch.linspace(1, CLASSES - 2, 200)
    chances = logits_of(numbers).softmax(1)[0, :, 0]
    expected = (torch.arange(CLASSES)[:, None] * chances).sum(0)
    assert torch.allclose(expected, numbers, atol=0.05)


def test_the_belief_is_a_gaussian():
    """Chances are those of a normal density at the classes, of standard deviation SPREAD."""
    numbers = torch.tensor([0.0, 3.3, 11.2])
    density = torch.distributions.Normal(numbers, SPREAD)
    powers = density.log_prob(torch.arange(CLASSES)[:, None]).exp()
    assert torch.allclose(logits_of(numbers).softmax(1)[0, :, 0], powers / powers.sum(0), atol=1e-6)


def test_what_is_too_low_is_raised():
    """The slope of the error leads the number towards the truth, from either side."""
    numbers = torch.tensor([2.0, 9.0], requires_grad=True)
    mse(logits_of(numbers), torch.tensor([[[5, 5]]])).backward()
    assert numbers.grad[0] < 0 < numbers.grad[1]
