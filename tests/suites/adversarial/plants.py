"""Failures of an attack, planted: some sit in the model, some in the attack itself."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from suites.adversarial import attack
from tests.toys import BRIGHT, DARK, Does, segmenter


class Soft(nn.Module):
    """Foreground is what is bright after a small blur; with a fine pattern it is brittle.

    A chosen change adds up over the 81 pixels of the pattern, a random one over nine.
    """

    def __init__(self, level: float = (DARK + BRIGHT) / 2, pattern: float = 0.0) -> None:
        super().__init__()
        self.level, self.pattern = level, pattern

    def forward(self, images: Tensor) -> Tensor:
        """Return one logit a pixel."""
        y, x = torch.meshgrid(torch.arange(9), torch.arange(9), indexing="ij")
        board = 1.0 - 2.0 * ((y + x) % 2)
        padded = nn.functional.pad(images, [4] * 4, mode="reflect")
        fine = nn.functional.conv2d(padded, (board - board.mean())[None, None])
        smooth = nn.functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
        return 0.1 * (smooth - self.level) + self.pattern * fine


def model(change=None, *, output="sigmoid-logits", digest="soft"):
    """Return the healthy model, its output changed by a function."""
    core = Soft()
    module = core if change is None else Does(lambda images: change(core(images)))
    return segmenter(module, output=output, digest=digest)


def brittle():
    """Return the model with a fine pattern that it should not look at."""
    return segmenter(Soft(pattern=0.012), output="sigmoid-logits", digest="brittle")


def narrow():
    """Return the model with a threshold just below the objects."""
    return segmenter(Soft(level=170.0), output="sigmoid-logits", digest="narrow")


def detached():
    """Return the model without a graph: gradients cannot be had."""
    return model(lambda logit: logit.detach(), digest="detached")


def saturated():
    """Return the model with probabilities that are 0 or 1 nearly everywhere."""
    return model(lambda z: (1000 * z).sigmoid(), output="sigmoid", digest="saturated")


def rounded():
    """Return the model with probabilities rounded to 0 or 1: a graph whose slopes are all zero."""
    return model(lambda z: z.sigmoid().round(), output="sigmoid", digest="rounded")


def shaken():
    """Return the model with a random layer: the same image has another answer each time."""
    stream = torch.Generator().manual_seed(0)
    return model(
        lambda z: z + 2 * torch.randn(z.shape, generator=stream),
        digest="random",
    )


class WrongRange(attack.Ascent):
    """An attack that clamps to 0..1 where intensities are 8 bits."""

    def project(self, x, x0, epsilon):
        """Return what is left of an image of 8 bits."""
        return super().project(x, x0, epsilon).clip(0, 1)


class WrongSign(attack.Ascent):
    """An attack that makes the model better."""

    def normalize(self, gradients, *, x, bounds):
        """Return the way down."""
        return -super().normalize(gradients, x=x, bounds=bounds)


class TooShort(attack.Ascent):
    """An attack of one small step a radius."""

    def __init__(self, trail, start, losses, *, lengths, momentum):
        short = trail.subject.image + 0.01 * (start - trail.subject.image)
        super().__init__(trail, short, losses, lengths=[lengths[0] / 30], momentum=momentum)
