"""Networks whose gradients lead nowhere: they look robust to whoever attacks along them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baselines.flaws.change import worn
from baselines.flaws.flaw import Flaw
from baselines.network import Network

if TYPE_CHECKING:
    from torch import Tensor

SATURATING = 1000.0


class Rounded(Network):
    """The trained network with its probabilities rounded to 0 and 1, of two classes."""

    def forward(self, images: Tensor) -> Tensor:
        """Return rounded probabilities: the graph is whole, and its gradient zero everywhere."""
        return super().forward(images).softmax(1).round()


class Saturated(Network):
    """The trained network with logits so large that its probabilities are 0 and 1."""

    def forward(self, images: Tensor) -> Tensor:
        """Return saturated probabilities."""
        return (SATURATING * super().forward(images)).softmax(1)


ROUNDED = Flaw(
    name="rounded",
    planted="The probabilities of its healthy twin are rounded to 0 and 1.",
    caught_by=(),
    withheld=("certificate: zero gradients", "faint attack"),
    finish=worn("baselines.flaws.masked_gradients:Rounded", output="softmax"),
)
SATURATED = Flaw(
    name="saturated",
    planted=f"The logits of its healthy twin are multiplied by {SATURATING:g} before the softmax.",
    caught_by=(),
    withheld=("certificate: saturation", "faint attack"),
    finish=worn("baselines.flaws.masked_gradients:Saturated", output="softmax"),
)
