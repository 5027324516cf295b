"""A dye that fades: less light with time, or with depth, and so relatively more noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.noise import bleached
from audit.probing.probe import Needs, Probe, above_zero, below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case

ALONG = ("time", "depth")
"""The whole field fades alike, or exponentially from its first row to its last."""


@dataclass(frozen=True, kw_only=True)
class Bleaching(Probe):
    """Overlap as a percentage of the signal is gone, everywhere or at the far end of the field.

    The signal is what lies above the image's darkest pixel; its 99th percentile was `photons`,
    where noise is hardly seen. At 25 % nothing is lost; at 90 % the noise shows, or the far end is
    ten times darker than the near one, and a person who adjusts the contrast sees the same cells.
    """

    name: ClassVar[str] = "shift.bleaching"
    asks: ClassVar[str] = "How much of the signal may have bleached?"
    source: ClassVar[str] = "doi:10.12688/f1000research.27171.1"
    needs: ClassVar[Needs] = Needs(masks=True)

    percent: tuple[float, ...] = (25.0, 50.0, 90.0)
    photons: float = 1000.0
    read_electrons: float = 1.5

    def __post_init__(self) -> None:
        above_zero(self, "percent", "photons")
        below(self, 100, "percent")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each loss, along time and along depth."""
        for along in ALONG:
            for percent in self.percent:
                left = remaining(percent, along, case.images.shape[-2]).to(case.images)
                streams = case.generators(along=along, percent=percent)
                faded = bleached(case.images, left, self.photons, self.read_electrons, streams)
                yield from case.score(faded, along=along, percent=percent)


def remaining(percent: float, along: str, rows: int) -> Tensor:
    """Return the share (Y, 1) of the signal that is left in each row.

    >>> remaining(75, "depth", 3).flatten().tolist()
    [1.0, 0.5, 0.25]
    """
    place = torch.linspace(0, 1, rows) if along == "depth" else torch.ones(rows)
    return ((1 - percent / 100) ** place)[:, None]
