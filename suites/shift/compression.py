"""Images that were saved as JPEG before they were analysed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.errors import UsageError
from audit.imaging.camera import compressed
from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case

BEST = 100
"""The highest quality of a JPEG."""


@dataclass(frozen=True, kw_only=True)
class Compression(Probe):
    """Overlap after a JPEG of some quality; each channel a grey picture of 8 bits.

    A quality of 90 is not seen; 10 leaves blocks, and the cells between them.
    """

    name: ClassVar[str] = "shift.compression"
    asks: ClassVar[str] = "How strongly may an image have been compressed?"
    source: ClassVar[str] = "arXiv:1604.04004"
    needs: ClassVar[Needs] = Needs(masks=True)

    quality: tuple[int, ...] = (90, 50, 10)

    def __post_init__(self) -> None:
        if not all(1 <= quality <= BEST for quality in self.quality):
            raise UsageError(f"{self.name}.quality: expected 1 to {BEST}, got {self.quality}")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each quality."""
        for quality in self.quality:
            yield from case.score(compressed(case.images, quality), quality=quality)
