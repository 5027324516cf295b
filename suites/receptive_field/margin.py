"""The remedy of seams, tried: tiles that are shown as far around as the model sees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.tile import assembled
from audit.metrics.agreement import agreement
from audit.probing.probe import Needs, Probe, above_zero
from suites.receptive_field.field import field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case

WIDE = "the declared halo is as wide as the model sees"
FITS = "the image fits into one tile"
WHOLE = "a tile with all that the model sees around it holds the image"
EMPTY = "nothing is predicted, before or after"


@dataclass(frozen=True, kw_only=True)
class Margin(Probe):
    """Agreement with the whole image of one made of tiles whose halo is the measured reach.

    Beside the same with the declared halo it tells what declaring the reach would bring. What is
    still missing then comes from normalisation by the tile. Where a tile and its halo hold the
    whole image, all would agree and nothing be told: undefined.
    """

    name: ClassVar[str] = "receptive_field.margin"
    asks: ClassVar[str] = "Would a halo as wide as the model sees make tiles the whole?"
    source: ClassVar[str] = "doi:10.1038/s41592-018-0261-2"
    needs: ClassVar[Needs] = Needs()
    after: ClassVar[tuple[str, ...]] = ("receptive_field.reach",)

    tile_px: tuple[int, ...] = (256,)

    def __post_init__(self) -> None:
        above_zero(self, "tile_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield agreement at each size of tile."""
        reach = math.ceil(field(case).largest_px)
        for tile in self.tile_px:
            looks = case.looks(tile_px=tile, declared=False)
            if why := self.needless(case, tile, reach):
                yield from (look.undefined("agreement", why) for look in looks)
                continue
            labels = assembled(lambda part: case.predict(part).labels, case.images, tile, reach)
            assert labels is not None
            for look, other in zip(looks, labels, strict=True):
                found = agreement(look.labels, other)
                yield look.row("agreement", found.share, weight=found.either, why=EMPTY)

    @staticmethod
    def needless(case: Case, tile_px: int, reach_px: int) -> str | None:
        """Return why nothing would be told by tiles with a halo of the reach; None where it is."""
        longest = max(case.images.shape[-2:])
        if longest <= tile_px:
            return FITS
        if reach_px <= case.model.traits.halo:
            return WIDE
        whole = field(case).exceeds or tile_px + 2 * reach_px >= longest
        return WHOLE if whole else None
