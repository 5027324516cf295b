"""Uneven light across the field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.light import extremes, tilt, vignette
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case

SHAPES = {"tilt": tilt, "vignette": vignette}


@dataclass(frozen=True, kw_only=True)
class Illumination(Probe):
    """Overlap as the light becomes uneven: a linear tilt, or dark corners.

    Light is what lies above the image's darkest pixel, since a camera's pedestal, 32768 in some
    files, is no light. 10 % are not noticed; at 60 % every cell is still seen.
    """

    name: ClassVar[str] = "shift.illumination"
    asks: ClassVar[str] = "How uneven may the light be?"
    source: ClassVar[str] = "doi:10.1038/ncomms14836"
    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(masks=True)

    percent: tuple[float, ...] = (10.0, 20.0, 40.0, 60.0)

    def __post_init__(self) -> None:
        above_zero(self, "percent")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image under each shape and strength of unevenness."""
        pedestal, _ = extremes(case.images)
        light = case.images - pedestal
        for shape, apply in SHAPES.items():
            for percent in self.percent:
                uneven = pedestal + apply(light, percent)
                yield from case.score(uneven, shape=shape, percent=percent)
