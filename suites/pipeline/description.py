"""What the description of a package says, held against other readings of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.metrics.overlap import confusion, region
from audit.models.package.otherwise import READINGS
from audit.probing.probe import Needs, Probe, among

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

NONE, SAME = "the model has no description", "the description says so already, or cannot"
EMPTY = "nothing there and nothing predicted"


@dataclass(frozen=True, kw_only=True)
class Description(Probe):
    """The IoU gained where a package is called otherwise than it is described, in one thing.

    Read otherwise are the steps before the network, an activation that it has already, the order
    of rows and columns, and that of channels. Halo and batches have probes of their own
    (receptive_field.halo, pipeline.batch), so have the test tensors (pipeline.reproduces); sizes
    are tried at opening.
    """

    name: ClassVar[str] = "pipeline.description"
    asks: ClassVar[str] = "Does the package's description say how its network is called?"
    source: ClassVar[str] = "doi:10.1101/2022.06.07.495102"
    needs: ClassVar[Needs] = Needs(model="live", masks=True, complete=True, tasks=("semantic",))

    reading: tuple[str, ...] = READINGS

    def __post_init__(self) -> None:
        among(self, READINGS, "reading")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield for each image what each other reading gains."""
        others = case.model.otherwise()
        for name in self.reading:
            looks = case.looks(reading=name)
            if name not in others:
                why = SAME if others else NONE
                yield from (look.undefined("gain_otherwise", why) for look in looks)
                continue
            found = case.predict(case.images, others[name])
            for look, labels in zip(looks, found.labels, strict=True):
                yield gained(look, labels, case.model.traits.classes)


def gained(look: Look, labels: Tensor, classes: int) -> Measurement:
    """Return by how much other labels overlap better with the truth than the declared ones."""
    before, after = (
        region(confusion(one, look.mask, classes), range(1, classes)).iou
        for one in (look.labels, labels)
    )
    # Both empty where one of them is: nothing is gained or lost by that.
    if before is None or after is None:
        return look.undefined("gain_otherwise", EMPTY)
    return look.row("gain_otherwise", after - before)
