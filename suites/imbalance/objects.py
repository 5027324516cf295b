"""Object by object: how large it is, and how much of it is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.objects import areas, diameter
from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Objects(Probe):
    """Share of each true object that is called foreground, and the diameter of a disc of its area.

    Objects that the image's edge cuts count by what is seen of them.
    """

    name: ClassVar[str] = "imbalance.objects"
    asks: ClassVar[str] = "How much of each object is found?"
    source: ClassVar[str] = "doi:10.1038/nmeth.4473"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True)

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield recall and diameter of each object of each image."""
        for look in case.looks():
            objects = look.objects
            found = areas(objects * (look.labels > 0))
            for number, area in areas(objects).items():
                here = look.at(object=number)
                yield here.row("object_recall", found.get(number, 0) / area, weight=area)
                yield here.row("diameter_px", diameter(area))
