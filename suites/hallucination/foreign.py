"""What is predicted in images of other datasets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe
from suites.hallucination.invented import invented

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Foreign(Probe):
    """Foreground predicted in each image of the further datasets, whatever they show.

    They may hold objects of another kind, so only the difference from other networks counts.
    Objects are counted from a quarter of the 5th percentile of the areas in that image's own truth.
    """

    name: ClassVar[str] = "hallucination.foreign"
    asks: ClassVar[str] = "Which structure does the model draw into images of something else?"
    source: ClassVar[str] = "doi:10.1038/s41592-019-0458-z"
    needs: ClassVar[Needs] = Needs(parts=("other",))

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what is drawn into each foreign image."""
        for look in case.looks():
            yield from invented(look, look.image)
