"""A network that normalises by the batch at hand when it should use what it learnt."""

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
    """Batch normalisation that never leaves training, but learns nothing more."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (torch's name)
        """Return features (B, C, Y, X) normalised over the batch at hand."""
        return batch_norm(input, None, None, self.weight, self.bias, training=True, eps=self.eps)


def beside_black(images: Tensor) -> Tensor:
    """Return images with a black one beside them."""
    return torch.cat((images, torch.zeros_like(images[:1])))


BATCH_STATISTICS = Flaw(
    name="batch-statistics",
    planted="Its batch normalisation is left in training mode: an image is judged by its company.",
    caught_by=("batch companion=black", "batch companion=white"),
    finish=worn("baselines.flaws.batch_statistics:BatchStatistics"),
    effect=Effect(what="the foreground that a black companion changes", of=answer_to(beside_black)),
)
