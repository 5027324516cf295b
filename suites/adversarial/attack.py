"""The one place that knows foolbox: its gradient attacks, made to mislead a segmentation.

foolbox knows classification only. Here its model gives the logits of every pixel, its criterion
asks for the overlap of an image, its loss is a mean over pixels, and its start is ours: its own is
drawn from torch's global stream. Step and number of steps go together: few steps of a small step
do not cross the ball and look like robustness. Every point is judged by the very float32 forward
pass that gives its gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import eagerpy as ep
import torch
from eagerpy.astensor import astensor, astensor_
from foolbox.attacks.gradient_descent_base import Optimizer
from foolbox.attacks.projected_gradient_descent import LinfProjectedGradientDescentAttack
from foolbox.criteria import Misclassification
from foolbox.models.pytorch import PyTorchModel
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Callable

    from eagerpy.tensor.tensor import Tensor as EagerTensor
    from foolbox.models.base import Model
    from torch import Generator, Tensor

    from suites.adversarial.loss import Loss
    from suites.adversarial.trail import Trail

T = TypeVar("T")

MOMENTUM = 0.75
"""The share of the last direction in the next. Source: Dong et al. 2018, arXiv:1710.06081."""

WIDER = ((2.0, 0.75), (1.5, 0.75))
"""Radii before the widest, in its units, and their weights; alone it gets 30, 30 and 40 % of the
steps: what is found in a wide ball leads to more than what is sought in a narrow one.
Source: Croce, Singh and Hein 2024, arXiv:2306.12941."""

STEP = 0.5
"""The length of a step in units of the radius: few steps must cross the ball. Steps of 1 were up to
0.07 of overlap stronger on one trained network, and 0.2 weaker on another."""


class Broken(Misclassification):
    """Whether an image has lost its overlap; the label of a segmentation is its mask.

    What it is asked about is noted on the trail.
    """

    def __init__(self, trail: Trail) -> None:
        super().__init__(trail.subject.truth)
        self.trail = trail

    def __call__(self, perturbed: T, outputs: T) -> T:
        """Return (1,) whether the logits (1, K, Y, X) of an image leave no overlap."""
        logits, restore = astensor_(outputs)
        point = self.trail.note(astensor(perturbed).raw, logits.raw)
        return restore(astensor(torch.tensor([point.broken])))


class Stopped(Exception):  # noqa: N818
    """The image is broken: foolbox's own loop has no other way out."""


class Momentum(Optimizer):
    """Steps along the sign of a running mean of gradients."""

    def __init__(self, x: EagerTensor, stepsize: float, momentum: float) -> None:
        super().__init__(x)
        self.stepsize, self.momentum = stepsize, momentum
        self.direction = ep.zeros_like(x)

    def __call__(self, gradient: EagerTensor) -> EagerTensor:
        """Return the step for a gradient."""
        self.direction = self.momentum * self.direction + gradient
        return self.stepsize * self.direction.sign()


class Module(nn.Module):
    """A function of images as the module that foolbox asks for; it changes no model's mode."""

    def __init__(self, logits: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.logits = logits
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        """Return logits, differentiable even where the model let go of its input."""
        found = self.logits(images)
        if images.requires_grad and not found.requires_grad:
            return found + 0 * images.sum()
        return found


class Ascent(LinfProjectedGradientDescentAttack):
    """Projected gradient ascent on a loss of pixels, from a given start, noted on a trail.

    Without momentum it is foolbox's own attack with another loss.
    """

    def __init__(
        self, trail: Trail, start: Tensor, loss: Loss, *, steps: int, step: float, momentum: float
    ) -> None:
        super().__init__(steps=steps, rel_stepsize=step, random_start=True)
        self.broken, self.start, self.momentum = Broken(trail), start, momentum
        self.loss = loss
        self.taken = 0

    def get_random_start(self, x0: EagerTensor, epsilon: float) -> EagerTensor:
        """Return our start, inside the ball."""
        inside: EagerTensor = self.project(astensor(self.start), x0, epsilon)
        return inside

    def get_optimizer(self, x: EagerTensor, stepsize: float) -> Optimizer:
        """Return the rule of the steps."""
        return Momentum(x, stepsize, self.momentum)

    def normalize(self, gradients: EagerTensor, *, x: EagerTensor, bounds: object) -> EagerTensor:
        """Return gradients of one length, so that none drowns the others in the running mean."""
        del x, bounds
        length = float(gradients.abs().mean().item())
        scaled: EagerTensor = gradients / (length or 1.0)
        return scaled

    def get_loss_fn(
        self, model: Model, labels: EagerTensor
    ) -> Callable[[EagerTensor], EagerTensor]:
        """Return the loss; it notes every image that it sees."""

        def loss(x: EagerTensor) -> EagerTensor:
            logits = model(x)
            self.taken += 1
            if self.broken(x, logits).item():
                raise Stopped
            return astensor(self.loss(logits.raw, labels.raw, (self.taken - 1) / self.steps))

        return loss


def ascend(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    start: Tensor,
    *,
    loss: Loss,
    radius: float,
    steps: int,
    step: float = STEP,
    momentum: float = MOMENTUM,
) -> tuple[Tensor, int]:
    """Attack within one radius; return where it ended and how many gradients it took.

    `step` is the length of a step in units of the radius. Where the end is not broken it is judged
    by one more pass.
    """
    subject = trail.subject
    model = PyTorchModel(Module(logits), bounds=(subject.low, subject.high), device=start.device)
    attack = Ascent(trail, start, loss, steps=steps, step=step, momentum=momentum)
    try:
        end: Tensor = attack.run(model, subject.image, attack.broken, epsilon=radius)
    except Stopped:
        return trail.last.image, attack.taken
    with torch.no_grad():
        trail.note(end, logits(end))
    return end, attack.taken


def descend(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    generator: Generator,
    *,
    loss: Loss,
    steps: int,
) -> Tensor:
    """Attack within every radius of a trail, from the widest to the narrowest; return the end.

    One annealed path: a radius starts with the pattern that the last one ended with, shrunk to its
    own size; the widest with noise in a ball twice as wide. `steps` is the mean number of
    gradients a radius: what a radius that is broken at once does not use goes to those after it.
    Where every radius is 0, as in an image without noise, nothing is tried.
    """
    subject = trail.subject
    rungs = sorted({radius for radius in trail.radii if radius > 0}, reverse=True)
    if not rungs:
        return subject.image
    stages = [*((rungs[0] * wider, weight) for wider, weight in WIDER), *((r, 1.0) for r in rungs)]
    budget = float(steps * len(rungs))
    change = 2 * torch.rand(subject.image.shape, generator=generator).to(subject.image) - 1
    for place, (radius, weight) in enumerate(stages):
        share = weight / sum(one for _, one in stages[place:])
        end, taken = ascend(
            logits,
            trail,
            subject.image + radius * change,
            loss=loss,
            radius=radius,
            steps=max(1, round(share * budget)),
        )
        budget -= taken
        change = (end - subject.image) / radius
    return subject.image + stages[-1][0] * change
