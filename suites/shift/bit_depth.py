"""Fewer grey levels: intensities in coarse steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.camera import quantised
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class BitDepth(Probe):
    """Overlap as each image's own range is divided into fewer steps.

    6 bits look like the original; 3 bits are a poster, in which the cells are still seen.
    """

    name: ClassVar[str] = "shift.bit_depth"
    asks: ClassVar[str] = "How few grey levels may an image have?"
    source: ClassVar[str] = "doi:10.1083/jcb.200903097"
    needs: ClassVar[Needs] = Needs(masks=True)

    bits: tuple[int, ...] = (6, 4, 3)

    def __post_init__(self) -> None:
        above_zero(self, "bits")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each number of bits."""
        for bits in self.bits:
            yield from case.score(quantised(case.images, bits), bits=bits)
