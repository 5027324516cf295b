"""The scores of the untouched images, to which every paired drop refers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Score(Probe):
    """Foreground IoU, Dice and recall of each image as it is."""

    name: ClassVar[str] = "pipeline.score"
    asks: ClassVar[str] = "How well does the model segment these images as they are?"
    source: ClassVar[str] = "doi:10.1186/s12880-015-0068-x"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, naive=True)

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield one set of scores an image."""
        yield from case.score(case.images, case.clean)
