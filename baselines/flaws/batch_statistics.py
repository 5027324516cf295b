"""A network whose batch normalisation uses the batch at hand, not the statistics it learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm

from baselines.flaws.change import worn
from baselines.flaws.effect import Effect, answer_to
from baselines.flaws.flaw import Flaw
from baselines.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence


class BatchStatistics(Network):
    """The trained network, as if nobody had ever called eval()."""

    def __init__(self, channels: int, classes: int, widths: Sequence[int], rescale: float) -> None:
        super().__init__(channels, classes, widths, rescale)
        for layer in self.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.__class__ = AlwaysTraining


class AlwaysTraining(nn.BatchNorm2d):
    """Batch normalisation that always uses the statistics of the batch and keeps no others."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (torch's name)
        """Return features (B, C, Y, X) normalised over the batch at hand."""
        return batch_norm(input, None, None, self.weight, self.bias, training=True, eps=self.eps)


def beside_black(images: Tensor) -> Tensor:
    """Return a batch (B, C, Y, X) with a black image added to it."""
    return torch.cat((images, torch.zeros_like(images[:1])))


BATCH_STATISTICS = Flaw(
    name="batch-statistics",
    planted="Its batch normalisation is left in training mode: what it finds in an image depends "
    "on the other images of the batch.",
    caught_by=("batch companion=black", "batch companion=white"),
    finish=worn("baselines.flaws.batch_statistics:BatchStatistics"),
    effect=Effect(
        what="the foreground that a black image in the batch changes", of=answer_to(beside_black)
    ),
)
