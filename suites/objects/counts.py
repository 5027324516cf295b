"""How many objects are counted, against how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe
from suites.objects.subject import count, predicted_numbers, true_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case

NO_OBJECT = "the truth has no object here, so no share of the true number can be had"


@dataclass(frozen=True, kw_only=True)
class Counts(Probe):
    """The number of objects predicted in each image, and its excess over the true number.

    An excess of 0.1 counts one object too many in ten; pooled over images it is the bias of the
    total. Objects of which no pixel lies where the truth judges are not counted.
    """

    name: ClassVar[str] = "objects.counts"
    asks: ClassVar[str] = "Are objects counted right?"
    source: ClassVar[str] = "doi:10.1038/s41592-019-0612-7"
    needs: ClassVar[Needs] = Needs(
        model="outputs", masks=True, complete=True, instances=True, tasks=("instance",)
    )

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield both numbers of each image, and the excess weighted by the true number."""
        for look in case.looks():
            known = look.known.cpu().numpy()
            true = count(true_numbers(look)[known])
            found = count(predicted_numbers(look, case.clean)[known])
            yield look.row("true_count", float(true))
            yield look.row("predicted_count", float(found))
            excess = (found - true) / true if true else None
            yield look.row("count_excess", excess, weight=true, why=NO_OBJECT)
