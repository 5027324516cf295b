"""A network that sees three pixels in each direction, on cells that show only a bright rim.

Where cells are brighter than the background, three pixels are enough, and it would be no flaw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from baselines.flaws.change import settings
from baselines.flaws.effect import Effect, errors
from baselines.flaws.flaw import Flaw
from baselines.flaws.outlined import outlined
from baselines.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence


class Plain(nn.Module):
    """Three 3 x 3 convolutions: a reach of three pixels, whatever the width."""

    stride = 1

    def __init__(self, channels: int, classes: int, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs in (channels, width, width):
            layers += [nn.Conv2d(inputs, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)]
            layers += [nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, classes, 1))

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) of normalised images (B, C, Y, X)."""
        logits: Tensor = self.layers(images)
        return logits


class TinyField(Network):
    """The reference network with `Plain` in the place of its U-Net."""

    def __init__(self, channels: int, classes: int, widths: Sequence[int], rescale: float) -> None:
        super().__init__(channels, classes, widths, rescale)
        self.unet = Plain(channels, classes, widths[0])


TINY_FIELD = Flaw(
    name="tiny-field",
    planted="Three 3 x 3 convolutions stand in place of the U-Net: it sees three pixels in "
    "each direction. Cells show only a rim, so that brightness does not tell them from background.",
    caught_by=("objects", "blind"),
    stage=outlined,
    recipe=settings(network="baselines.flaws.tiny_field:TinyField"),
    effect=Effect(what="the error (1 - IoU)", of=errors),
)
