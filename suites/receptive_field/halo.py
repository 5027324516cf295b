"""The halo: how much margin a tile needs for its inside to come out as in the whole image."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from torch.nn.functional import avg_pool2d

from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe, above_zero
from suites.receptive_field.field import field
from suites.receptive_field.scramble import scrambled, square

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.probing.case import Case
    from audit.probing.look import Look

HALF = 0.5
SILENT = "the model's card declares no halo"
ENDLESS = "what lies beyond every halo that fits into the image changes the tile"


@dataclass(frozen=True, kw_only=True)
class Halo(Probe):
    """The smallest halo in px at which nothing beyond it changes a label of a tile.

    The tile is that of a grid in which the model sees the most edges: half foreground, half not.
    The pixels beyond tile and halo change places at random: they tell the tile nothing, but mean,
    standard deviation and range of the image stay. Cut away, the tile would also be normalised and
    gridded differently, and no halo could make it equal the whole. `seam_fraction` is the share of
    the tile's labels that change beyond the halo that the model declares, `missing_halo_px` what
    the declared one falls short. By bisection up to the reach: about log2(reach) + 2 forward
    passes an image.
    """

    name: ClassVar[str] = "receptive_field.halo"
    asks: ClassVar[str] = "How much margin does a tile need to come out as in the whole image?"
    source: ClassVar[str] = "arXiv:1505.04597"
    needs: ClassVar[Needs] = Needs(probabilities=True)
    after: ClassVar[tuple[str, ...]] = ("receptive_field.reach",)

    tile_px: int = 64

    def __post_init__(self) -> None:
        above_zero(self, "tile_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the halo that each image needs, and what the declared one leaves to be seen."""
        declared, reach = case.model.traits.halo, field(case).largest_px
        for look in case.looks():
            stream, name = look.generator(), look.sample.id
            needed = self.needed(look, math.ceil(reach), stream)
            why = ENDLESS if needed is None else None
            yield Measurement("halo_px", needed, name, undefined=why)
            missing = None if needed is None else max(0.0, needed - declared)
            seam = self.changed(look, declared, stream) if declared else None
            for metric, value in (("missing_halo_px", missing), ("seam_fraction", seam)):
                why = SILENT if not declared else ENDLESS if value is None else None
                yield Measurement(metric, None if why else value, name, undefined=why)

    def needed(self, look: Look, reach_px: int, stream: Generator) -> float | None:
        """Return the smallest halo in px that leaves every label of the tile as it was."""
        low, high = -1, reach_px
        if self.changed(look, high, stream):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if self.changed(look, middle, stream):
                low = middle
            else:
                high = middle
        return float(high)

    def changed(self, look: Look, halo_px: int, stream: Generator) -> float:
        """Return the share of the tile's labels that what lies beyond a halo changes."""
        image, before = look.image, look.labels
        height, width = (int(size) for size in before.shape)
        side = min(self.tile_px, height, width)
        top, left = busiest(before > 0, side)
        near = square((height, width), (top - halo_px, left - halo_px), side + 2 * halo_px)
        after = look.labels_of(scrambled(image, ~near.to(image.device), stream))
        tile = slice(top, top + side), slice(left, left + side)
        return float((after[tile] != before[tile]).float().mean())


def busiest(mask: Tensor, side_px: int) -> tuple[int, int]:
    """Return where the tile of a grid over a mask (Y, X) begins that is most nearly half true.

    >>> from torch import tensor
    >>> busiest(tensor([[0, 0, 1, 0], [0, 0, 1, 0]]), 2)
    (0, 2)
    """
    share = avg_pool2d(mask[None, None].float(), side_px)[0, 0]
    best = int((share - HALF).abs().argmin())
    return best // share.shape[1] * side_px, best % share.shape[1] * side_px
