"""One model in several files: do they say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from audit.imaging.objects import components
from audit.metrics.correspondence import Correspondence, correspondence
from audit.probing.probe import Needs, Probe, above_zero
from suites.pipeline.change import agreements, probability_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

NONE_KEPT = "no object is the same in both"


@dataclass(frozen=True, kw_only=True)
class Formats(Probe):
    """How far other files of the audited model agree with it, object by object and class by class.

    An object is a connected area of one class. `gained`, `lost`, `split` and `merged` count objects
    that another file adds, drops, cuts or joins; `wobble` is 1 - IoU of those that stay. Specks of
    fewer pixels than `least_area_px` are no objects.
    """

    name: ClassVar[str] = "pipeline.formats"
    asks: ClassVar[str] = "Do all files of this model give the same result?"
    source: ClassVar[str] = "doi:10.1101/2022.06.07.495102"
    needs: ClassVar[Needs] = Needs(model="outputs", formats=True)

    least_area_px: int = 16

    def __post_init__(self) -> None:
        above_zero(self, "least_area_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield agreement and the fate of objects, for each further file."""
        for name, model in case.audit.formats.items():
            after = case.predict(case.images, model)
            yield from agreements(case, case.clean.labels, after.labels, format=name)
            yield from probability_changes(case, case.clean, after, format=name)
            for look, other in zip(case.looks(format=name), after.labels, strict=True):
                yield from rows(self.fates(look.labels, other, case.model.traits.classes), look)

    def fates(self, one: Tensor, other: Tensor, classes: int) -> Correspondence:
        """Return what became of the objects of every class of foreground."""
        found = Correspondence()
        for number in range(1, classes):
            before, after = (components(labels == number).cpu().numpy() for labels in (one, other))
            found += correspondence(before, after, self.least_area_px)
        return found


def rows(fates: Correspondence, look: Look) -> Iterator[Measurement]:
    """Yield the counts, their sum, and by how much what stays wobbles."""
    counts = {one: getattr(fates, one) for one in ("gained", "lost", "split", "merged")}
    for metric, count in (counts | {"rearranged": sum(counts.values())}).items():
        yield look.row(metric, float(count))
    wobble = 1 - float(np.mean(fates.kept)) if fates.kept else None
    yield look.row("wobble", wobble, weight=len(fates.kept), why=NONE_KEPT)
