"""Copies of the audited images that keep texture and intensities, and no structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.surrogate import phase_randomised, shuffled_tiles, with_intensities
from audit.probing.probe import Probe, above_zero, among
from suites.hallucination.invented import invented

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case

COPIES = ("phase", "tiles")


@dataclass(frozen=True, kw_only=True)
class Scrambled(Probe):
    """Foreground predicted in copies without structure.

    `phase` keeps an image's power spectrum and its very intensities, `tiles` its texture: square
    tiles of `tile_px` change places. Healthy networks fire on both, so only the difference from
    other networks counts.
    """

    name: ClassVar[str] = "hallucination.scrambled"
    asks: ClassVar[str] = "Which structure does the model draw into texture without structure?"
    source: ClassVar[str] = "arXiv:1811.12231"

    copy: tuple[str, ...] = COPIES
    tile_px: int = 16

    def __post_init__(self) -> None:
        above_zero(self, "tile_px")
        among(self, COPIES, "copy")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what is drawn into each copy of each image."""
        for copy in self.copy:
            for look in case.looks(copy=copy):
                yield from invented(look, self.scramble(copy, look.image, look.generator()))

    def scramble(self, copy: str, image: Tensor, generator: Generator) -> Tensor:
        """Return a copy of an image (C, Y, X) without its structure."""
        if copy == "tiles":
            return shuffled_tiles(image, self.tile_px, generator)
        return with_intensities(phase_randomised(image, generator), image)
