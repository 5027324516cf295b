"""The one place that knows foolbox: its gradient attacks, made to mislead a segmentation.

foolbox knows classification only. Here its model gives the logits of every pixel, its criterion
asks for the overlap of an image, its loss is a mean over pixels, and its start is ours: its own is
drawn from torch's global stream. Every point is judged by the very float32 forward pass that gives
its gradient.
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
    from collections.abc import Callable, Sequence

    from eagerpy.tensor.tensor import Tensor as EagerTensor
    from foolbox.models.base import Model
    from torch import Tensor

    from suites.adversarial.loss import Loss
    from suites.adversarial.trail import Trail

T = TypeVar("T")

MOMENTUM = 0.75
"""The share of the last direction in the next. Source: Dong et al. 2018, arXiv:1710.06081."""


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
    """Steps of given lengths along the sign of a running mean of gradients."""

    def __init__(self, x: EagerTensor, lengths: Sequence[float], momentum: float) -> None:
        super().__init__(x)
        self.lengths, self.momentum = iter(lengths), momentum
        self.direction = ep.zeros_like(x)

    def __call__(self, gradient: EagerTensor) -> EagerTensor:
        """Return the step for a gradient."""
        self.direction = self.momentum * self.direction + gradient
        return next(self.lengths) * self.direction.sign()


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
    """Projected gradient ascent on losses of pixels, from a given start, noted on a trail.

    The losses take turns step by step: a running mean of their directions misleads in every way
    at once. With one loss, steps of one length and no momentum it is foolbox's own attack.
    """

    def __init__(
        self,
        trail: Trail,
        start: Tensor,
        losses: Sequence[Loss],
        *,
        lengths: Sequence[float],
        momentum: float,
    ) -> None:
        super().__init__(steps=len(lengths), rel_stepsize=1.0, random_start=True)
        self.broken, self.start, self.momentum = Broken(trail), start, momentum
        self.losses, self.lengths = losses, lengths
        self.taken = 0

    def get_random_start(self, x0: EagerTensor, epsilon: float) -> EagerTensor:
        """Return our start, inside the ball."""
        inside: EagerTensor = self.project(astensor(self.start), x0, epsilon)
        return inside

    def get_optimizer(self, x: EagerTensor, stepsize: float) -> Optimizer:
        """Return the rule of the steps; the size of one of length 1 is the radius."""
        return Momentum(x, [stepsize * length for length in self.lengths], self.momentum)

    def normalize(self, gradients: EagerTensor, *, x: EagerTensor, bounds: object) -> EagerTensor:
        """Return gradients of one length, so that none drowns the others in the running mean."""
        del x, bounds
        length = float(gradients.abs().mean().item())
        scaled: EagerTensor = gradients / (length or 1.0)
        return scaled

    def get_loss_fn(
        self, model: Model, labels: EagerTensor
    ) -> Callable[[EagerTensor], EagerTensor]:
        """Return the losses by turns as one; it notes every image that it sees."""

        def loss(x: EagerTensor) -> EagerTensor:
            logits = model(x)
            turn, self.taken = self.taken, self.taken + 1
            if self.broken(x, logits).item():
                raise Stopped
            own = self.losses[turn % len(self.losses)]
            return astensor(own(logits.raw, labels.raw, turn / self.steps))

        return loss


def ascend(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    start: Tensor,
    *,
    losses: Sequence[Loss],
    radius: float,
    lengths: Sequence[float],
    momentum: float = MOMENTUM,
) -> tuple[Tensor, int]:
    """Attack within one radius; return where it ended and how many gradients it took.

    `lengths` are those of the steps, in units of the radius. Where the end is not broken it is
    judged by one more pass.
    """
    subject = trail.subject
    model = PyTorchModel(Module(logits), bounds=(subject.low, subject.high), device=start.device)
    attack = Ascent(trail, start, losses, lengths=lengths, momentum=momentum)
    try:
        end: Tensor = attack.run(model, subject.image, attack.broken, epsilon=radius)
    except Stopped:
        return trail.last.image, attack.taken
    with torch.no_grad():
        trail.note(end, logits(end))
    return end, attack.taken
