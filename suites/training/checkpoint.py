"""Which checkpoint was published: the best one, or simply the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe
from audit.role import LAST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.models.segmenter import Prediction
    from audit.probing.case import Case

NEITHER = "one of the two has no score here"


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Probe):
    """The overlap of the audited model beside that of the same network when its training ended.

    `kept_iou` is what is gained by publishing the audited weights instead of the last ones: about
    nothing where training had settled, much where it overfitted at the end.
    """

    name: ClassVar[str] = "training.checkpoint"
    asks: ClassVar[str] = "Is the published checkpoint better than the last one?"
    source: ClassVar[str] = "doi:10.1007/978-3-642-35289-8_5"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, last=True, tasks=("semantic",))

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the last checkpoint's scores, and the difference to the audited one's."""
        after = case.predict(case.images, case.audit.models[LAST])
        then, now = overlaps(case, after), overlaps(case, case.clean)
        for look in case.looks():
            last, kept = then[look.sample.id], now[look.sample.id]
            yield last
            pair = last.value is not None and kept.value is not None
            gain = kept.value - last.value if pair else None  # type: ignore[operator]
            yield look.row("kept_iou", gain, why=NEITHER)


def overlaps(case: Case, prediction: Prediction) -> dict[str | None, Measurement]:
    """Return the IoU of each image by its name."""
    rows = case.score(case.images, prediction)
    return {one.sample: one for one in rows if one.metric == "iou"}
