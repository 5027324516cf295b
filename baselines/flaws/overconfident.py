"""A network that is as often right as its twin, and far more certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baselines.flaws.change import worn
from baselines.flaws.flaw import Flaw
from baselines.network import Network

if TYPE_CHECKING:
    from torch import Tensor

FACTOR = 12.0


class Overconfident(Network):
    """The trained network with its logits multiplied: the labels stay, the doubt goes."""

    def forward(self, images: Tensor) -> Tensor:
        """Return the multiplied logits."""
        return FACTOR * super().forward(images)


OVERCONFIDENT = Flaw(
    name="overconfident",
    planted=f"The logits of its healthy twin are multiplied by {FACTOR:g}.",
    caught_by=("calibration",),
    finish=worn("baselines.flaws.overconfident:Overconfident"),
)
