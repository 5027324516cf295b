"""The scores that users of instance segmentation know, each by its definition, from pairs.

The same two label images score differently by each of them; none is shown without its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.metrics.pairs import Pairs

LADDER = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
"""The IoU thresholds 0.50, 0.55, ..., 0.95 over which average precision is averaged."""

SPLIT, MISSED, INVENTED = 5, 10, 1
"""What one error of detection costs in the Cell Tracking Challenge."""


class Share(NamedTuple):
    """A ratio of two sums over objects: sums over images add up, and make a data set's score."""

    over: float
    under: float

    @property
    def value(self) -> float | None:
        """The ratio, None where there is nothing to divide by."""
        return self.over / self.under if self.under else None


@dataclass(frozen=True)
class Matching:
    """How many objects are matched one to one at a threshold of IoU, and how well.

    Sources: Caicedo et al. 2019, doi:10.1038/s41592-019-0612-7 (average precision as in the Data
    Science Bowl 2018); Kirillov et al. 2019, arXiv:1801.00868 (panoptic quality).

    >>> one = Matching(matched=3, true=4, predicted=5, iou=2.4)
    >>> one.average_precision.value, one.recognition.value
    (0.5, 0.6666666666666666)
    """

    matched: int
    true: int
    predicted: int
    iou: float

    @property
    def average_precision(self) -> Share:
        """TP / (TP + FP + FN): "AP" of the Data Science Bowl, StarDist and Cellpose."""
        return Share(self.matched, self.true + self.predicted - self.matched)

    @property
    def recognition(self) -> Share:
        """TP / (TP + FP/2 + FN/2): F1, the recognition quality RQ."""
        return Share(self.matched, (self.true + self.predicted) / 2)

    @property
    def segmentation(self) -> Share:
        """Mean IoU of what is matched: the segmentation quality SQ."""
        return Share(self.iou, self.matched)

    @property
    def panoptic(self) -> Share:
        """The panoptic quality PQ = SQ x RQ."""
        return Share(self.iou, (self.true + self.predicted) / 2)


def matching(found: Pairs, least_iou: float = 0.5) -> Matching:
    """Return how many objects are matched at IoU `least_iou` or more, in 0..1.

    >>> from audit.metrics.pairs import pairs
    >>> matching(pairs(np.array([[1, 1, 0, 2]]), np.array([[1, 1, 3, 0]])))
    Matching(matched=1, true=2, predicted=2, iou=1.0)
    """
    places = found.matched(least_iou)
    iou = float(found.iou[places].sum())
    return Matching(len(places), len(found.true), found.counted(places), iou)


def mean_average_precision(found: Pairs) -> float | None:
    """Return the mean average precision over IoU 0.50 to 0.95; None where no object is anywhere.

    Without confidences, as in the Data Science Bowl 2018: not the ranked AP of COCO.

    >>> from audit.metrics.pairs import pairs
    >>> mean_average_precision(pairs(np.array([[1, 1, 1, 1]]), np.array([[1, 1, 1, 0]])))
    0.6
    """
    values = [matching(found, least).average_precision.value for least in LADDER]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def held(found: Pairs) -> NDArray[np.int64]:
    """Return the places of the pairs whose predicted object holds most of the true one."""
    return np.flatnonzero(2 * found.shared > found.true.areas[found.true_place])


def seg(found: Pairs) -> Share:
    """Return SEG of the Cell Tracking Challenge: mean IoU of each true object with what holds it.

    0 for a true object of which no predicted one holds more than half. Blind to invented objects.
    Source: Maška et al. 2014, doi:10.1093/bioinformatics/btu080.

    >>> from audit.metrics.pairs import pairs
    >>> seg(pairs(np.array([[1, 1, 0, 2]]), np.array([[1, 1, 3, 0]]))).value
    0.5
    """
    return Share(float(found.iou[held(found)].sum()), len(found.true))


def det(found: Pairs) -> Share:
    """Return DET of the Cell Tracking Challenge: what is left of the cost of finding nothing.

    5 for each further true object in one predicted, 10 for each missed, 1 for each invented, at
    most the cost of missing all. Source: Matula et al. 2015, doi:10.1371/journal.pone.0144959.

    >>> from audit.metrics.pairs import pairs
    >>> det(pairs(np.array([[1, 1, 0, 2]]), np.array([[1, 1, 3, 0]]))).value
    0.45
    """
    places = held(found)
    holding = len(np.unique(found.predicted_place[places]))
    splits, missed = len(places) - holding, len(found.true) - len(places)
    cost = SPLIT * splits + MISSED * missed + INVENTED * (found.counted(places) - holding)
    nothing = MISSED * len(found.true)
    return Share(nothing - min(cost, nothing), nothing)


def aggregated_jaccard(found: Pairs) -> Share:
    """Return the aggregated Jaccard index AJI: shared pixels over the union of best partners.

    Each true object takes the predicted one of highest IoU, which may be taken twice; predicted
    objects that nothing took add their area to the union. Source: Kumar et al. 2017,
    doi:10.1109/TMI.2017.2677499.

    >>> from audit.metrics.pairs import pairs
    >>> aggregated_jaccard(pairs(np.array([[1, 1, 0, 2]]), np.array([[1, 1, 3, 0]]))).value
    0.5
    """
    order = np.lexsort((-found.iou, found.true_place))
    _, first = np.unique(found.true_place[order], return_index=True)
    taken = order[first]
    shared = int(found.shared[taken].sum())
    partners = found.predicted_place[taken]
    free = np.setdiff1d(np.arange(len(found.predicted)), partners)
    areas = found.predicted.areas
    union = found.true.areas.sum() + areas[partners].sum() - shared + areas[free].sum()
    return Share(shared, int(union))
