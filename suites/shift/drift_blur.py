"""Motion during the exposure: each point becomes a streak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.psf import motion_blur
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class DriftBlur(Probe):
    """Overlap as the scene moves while the shutter is open, along x (0 degrees) and y (90).

    2 px are within the optics' own blur; after 16 px granules are lines, and cells are still seen.
    """

    name: ClassVar[str] = "shift.drift_blur"
    asks: ClassVar[str] = "How far may the sample drift during an exposure?"
    source: ClassVar[str] = "arXiv:1903.12261"
    needs: ClassVar[Needs] = Needs(masks=True)

    length_px: tuple[float, ...] = (2.0, 6.0, 16.0)
    direction_deg: tuple[float, ...] = (0.0, 90.0)

    def __post_init__(self) -> None:
        above_zero(self, "length_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image for each length and direction."""
        for length in self.length_px:
            for direction in self.direction_deg:
                moved = motion_blur(case.images, length, direction)
                yield from case.score(moved, length_px=length, direction_deg=direction)
