"""Whether an image predicted tile by tile comes out as the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.errors import UsageError
from audit.imaging.tile import assembled, near_seams, spans
from audit.probing.probe import Needs, Probe, above_zero
from suites.pipeline.change import agreements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement, Scalar
    from audit.probing.case import Case

FITS = "the image fits into one tile"
NO_SEAM = "no pixel is as near to, or as far from, a seam"


@dataclass(frozen=True, kw_only=True)
class Tiles(Probe):
    """Agreement of the prediction made in tiles with that of the whole image.

    Each tile is seen with a halo on all sides: the `declared` one of the model's card, and some
    others; and with a grid that begins elsewhere. What changes within `reach_px` of a seam is too
    narrow a halo; what changes as much elsewhere is normalisation by the tile.
    """

    name: ClassVar[str] = "pipeline.tiles"
    asks: ClassVar[str] = "Is an image done in tiles the same as the image done whole?"
    source: ClassVar[str] = "doi:10.1038/s41592-018-0261-2"
    needs: ClassVar[Needs] = Needs(model="live")

    tile_px: tuple[int, ...] = (256,)
    halo_px: tuple[int, ...] = (0, 32)
    phase_fraction: tuple[float, ...] = (0.5,)
    reach_px: int = 4

    def __post_init__(self) -> None:
        above_zero(self, "tile_px", "reach_px")
        fits = all(0 < one < 1 for one in self.phase_fraction)
        if min(self.halo_px, default=0) < 0 or not fits:
            raise UsageError(f"{self.name}: expected halo_px >= 0 and phase_fraction in 0..1")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield agreement, and the share of pixels that change near to and far from seams."""
        declared = case.model.traits.halo
        for tile in self.tile_px:
            # The declared halo is often one of the others: it is done once.
            done = {halo: self.labels(case, tile, halo) for halo in {*self.halo_px, declared}}
            for halo in self.halo_px:
                yield from self.rows(case, done[halo], tile, 0, halo_px=halo)
            yield from self.rows(case, done[declared], tile, 0, declared=True)
            for fraction in self.phase_fraction:
                phase = max(1, round(fraction * tile))
                there = self.labels(case, tile, declared, phase)
                yield from self.rows(case, there, tile, phase, phase_fraction=fraction)

    @staticmethod
    def labels(case: Case, tile: int, halo: int, phase: int = 0) -> Tensor | None:
        """Return classes (B, Y, X) put together from tiles; None where one tile holds all."""
        return assembled(lambda part: case.predict(part).labels, case.images, tile, halo, phase)

    def rows(
        self, case: Case, labels: Tensor | None, tile: int, phase: int, **at: Scalar
    ) -> Iterator[Measurement]:
        """Yield agreement with the whole, and changes near seams and elsewhere, of one tiling."""
        at |= {"tile_px": tile}
        if labels is None:
            for look in case.looks(**at):
                for metric in ("agreement", "changed_at_seams", "changed_elsewhere"):
                    yield look.undefined(metric, FITS)
            return
        yield from agreements(case, case.clean.labels, labels, None, **at)
        height, width = labels.shape[-2:]
        rows, columns = (spans(size, tile, 0, phase) for size in (height, width))
        near = near_seams(rows, columns, self.reach_px).to(labels.device)
        for metric, where in (("changed_at_seams", near), ("changed_elsewhere", ~near)):
            yield from self.changed(case, labels, where, metric, at)

    @staticmethod
    def changed(
        case: Case, labels: Tensor, where: Tensor, metric: str, at: dict[str, Scalar]
    ) -> Iterator[Measurement]:
        """Yield the share of an area's pixels that have another class than in the whole."""
        area = int(where.sum())
        for look, other in zip(case.looks(**at), labels, strict=True):
            share = int(((look.labels != other) & where).sum()) / area if area else None
            yield look.row(metric, share, weight=area, why=NO_SEAM)
