"""Other people's images: the same score on further datasets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from audit.errors import DataError
from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class CrossDataset(Probe):
    """Foreground overlap on every further dataset, with the dataset as its condition.

    Images with channels that the model does not take are left out, with the reason; so are masks
    with classes that it does not know.
    """

    name: ClassVar[str] = "shift.cross_dataset"
    asks: ClassVar[str] = "Does the model carry over to other datasets?"
    source: ClassVar[str] = "doi:10.1371/journal.pmed.1002683"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, parts=("other",))

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the scores of each image of another dataset."""
        taken, given = case.model.traits.channels, int(case.images.shape[1])
        if taken not in (None, given):
            where = ", ".join(sorted({sample.dataset for sample in case.samples}))
            raise DataError(f"{where}: images of {given} channels, but the model takes {taken}")
        datasets = {sample.id: sample.dataset for sample in case.samples}
        for row in case.score(case.images, case.clean):
            yield replace(row, at={**row.at, "dataset": datasets[row.sample or ""]})
