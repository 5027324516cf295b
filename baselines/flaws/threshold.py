"""A network that is published with a threshold which suited other images."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from baselines.flaws.change import worn
from baselines.flaws.effect import Effect, missed
from baselines.flaws.flaw import Flaw
from baselines.network import Network

LEVEL = 0.99


class HighThreshold(Network):
    """The trained network with its logits moved, so that 0.5 stands where 0.99 stood."""

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits, the background's raised."""
        logits = super().forward(images)
        raised = torch.zeros(logits.shape[1], 1, 1, device=logits.device)
        raised[0] = math.log(LEVEL / (1 - LEVEL))
        return logits + raised


THRESHOLD = Flaw(
    name="threshold",
    planted=f"A pixel is foreground only where the healthy twin is surer than {LEVEL:g}: a "
    "threshold tuned on other images.",
    caught_by=("threshold",),
    finish=worn("baselines.flaws.threshold:HighThreshold"),
    effect=Effect(what="the true area that is missed", of=missed()),
)
