"""Networks with masked gradients: they look robust because attacks by gradient cannot work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn.functional import cross_entropy

from baselines.flaws.change import worn
from baselines.flaws.effect import Effect, looked_at, mean
from baselines.flaws.flaw import Flaw
from baselines.network import Network

if TYPE_CHECKING:
    from torch import Tensor

    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages

SATURATING = 1000.0

DOUBT = 1e-5
"""A probability counts as 1 where it is less by no more than this."""


class Rounded(Network):
    """The trained network with its probabilities rounded to 0 and 1, for two classes."""

    def forward(self, images: Tensor) -> Tensor:
        """Return rounded probabilities: torch can differentiate them, but the gradient is zero."""
        return super().forward(images).softmax(1).round()


class Saturated(Network):
    """The trained network with logits so large that its probabilities are 0 and 1."""

    def forward(self, images: Tensor) -> Tensor:
        """Return saturated probabilities."""
        return (SATURATING * super().forward(images)).softmax(1)


def dead_pixels(model: Segmenter, material: FlawImages) -> float:
    """Return the mean share of pixels at which the gradient of the loss is zero."""
    return mean(flat(model, image, mask) for image, mask in looked_at(material))


def flat(model: Segmenter, image: Tensor, mask: Tensor) -> float:
    """Return the share of pixels of an image (1, C, Y, X) whose gradient is zero."""
    inputs = image.clone().requires_grad_()
    cross_entropy(model.logits(inputs), mask[None]).backward()  # type: ignore[no-untyped-call]
    assert inputs.grad is not None
    return float((inputs.grad == 0).float().mean())


def certain(model: Segmenter, material: FlawImages) -> float:
    """Return the share of pixels at which a probability is 1, within DOUBT."""
    seen = (model.predict(image).probabilities for image, _ in looked_at(material))
    return mean(float((one.amax(1) > 1 - DOUBT).float().mean()) for one in seen if one is not None)


ROUNDED = Flaw(
    name="rounded",
    planted="The probabilities of its healthy twin are rounded to 0 and 1.",
    caught_by=(),
    withheld=("certificate: zero gradients", "faint attack"),
    finish=worn("baselines.flaws.masked_gradients:Rounded", output="softmax"),
    effect=Effect(what="the share of pixels with a gradient of zero", of=dead_pixels, least=0.5),
)
SATURATED = Flaw(
    name="saturated",
    planted=f"The logits of its healthy twin are multiplied by {SATURATING:g} before the softmax.",
    caught_by=(),
    withheld=("certificate: saturation", "faint attack"),
    finish=worn("baselines.flaws.masked_gradients:Saturated", output="softmax"),
    effect=Effect(what="the share of pixels with a probability of 1", of=certain, least=0.2),
)
