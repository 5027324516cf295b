"""Which object each pixel belongs to: scored by what becomes of the objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.imaging.objects import components, true_objects
from audit.meaning import IGNORE
from audit.metrics.ledger import Fate, ledger
from audit.metrics.object_scores import matching
from audit.metrics.overlap import confusion, region
from audit.tasks.scores import MAIN
from audit.tasks.task import ScoreRow, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Prediction

LOST = (Fate.MISSED, Fate.MERGED, Fate.SPLIT)
"""What can become of a true object whose loss a score reports by name."""

NO_OBJECT = "the truth has no object here"
NOTHING = "no object there and none predicted"
NO_MATCH = "no object is matched here"
NONE_PREDICTED = "no object is predicted here"
PARTIAL = "the truth annotates only part of the objects, so invented ones cannot be told"


def objects_of(sample: Sample, mask: Tensor) -> Tensor:
    """Return the numbers (Y, X) of the sample's objects, IGNORE where its classes are."""
    return true_objects(sample, mask).where(mask != IGNORE, IGNORE)


def predicted(found: Prediction, known: Tensor) -> Tensor:
    """Return the numbers (Y, X) of the objects of one image's prediction.

    The model's own; where it gives classes alone, the connected areas of its foreground where the
    truth judges, `known` (Y, X).
    """
    if found.instances is not None:
        return found.instances[0]
    return components(found.labels[0].where(known, 0))


def score(found: Prediction, truth: Tensor, *, classes: int, complete: bool) -> Iterator[ScoreRow]:
    """Yield the panoptic quality first, then F1, mean IoU of matches, the errors by name, and IoU.

    An object is matched at an IoU of one half. Where nothing is there and nothing predicted a
    correct rejection is counted. Where the truth is not complete, what counts invented objects is
    undefined. Source: Kirillov et al. 2019, arXiv:1801.00868.
    """
    del classes
    seen = predicted(found, truth != IGNORE)
    fates = ledger(truth.cpu().numpy(), seen.cpu().numpy(), complete=complete)
    one, many = matching(fates.pairs), len(fates.true_fates)
    why = NOTHING if complete else PARTIAL
    for name, share in (("panoptic_quality", one.panoptic), ("object_f1", one.recognition)):
        yield ScoreRow(name, share.value if complete else None, share.under, why)
    quality = one.segmentation
    yield ScoreRow("segmentation_quality", quality.value, quality.under, NO_MATCH)
    for fate in LOST:
        share_of = fates.of_true[fate] / many if many else None
        yield ScoreRow(f"{fate}_fraction", share_of, many, NO_OBJECT)
    extra = fates.judged
    invented = fates.of_predicted[Fate.INVENTED] / extra if extra and complete else None
    yield ScoreRow("invented_fraction", invented, extra, NONE_PREDICTED if complete else PARTIAL)
    yield covered(seen, truth, complete=complete)
    if complete and not many:
        yield ScoreRow("correct_rejection", float(not extra), 1.0)


def covered(seen: Tensor, truth: Tensor, *, complete: bool) -> ScoreRow:
    """Return the IoU of all objects taken together, which says nothing of merges and splits."""
    inside = (truth > 0).long().where(truth != IGNORE, IGNORE)
    whole = region(confusion((seen > 0).long(), inside, 2), range(1, 2))
    value = whole.iou if complete else None
    return ScoreRow("iou", value, whole.union, NOTHING if complete else PARTIAL)


INSTANCE = Task(
    name="instance",
    things="single objects",
    main=MAIN["instance"],
    truth=objects_of,
    seen=predicted,
    score=score,
)
