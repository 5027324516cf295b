"""What becomes of each object, and the scores that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from audit.imaging.objects import diameter
from audit.metrics.ledger import Fate, ledger
from audit.metrics.neighbours import touching
from audit.metrics.object_scores import (
    aggregated_jaccard,
    det,
    matching,
    mean_average_precision,
    seg,
)
from audit.probing.probe import Needs, Probe
from audit.tasks.instance import NO_MATCH, NO_OBJECT, NONE_PREDICTED, PARTIAL
from suites.objects.biases import biases
from suites.objects.picture import draw_fates
from suites.objects.place import centres, distance_from_frame
from suites.objects.subject import predicted_numbers, true_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.measurement import Measurement, Picture
    from audit.metrics.ledger import Ledger as Fates
    from audit.metrics.object_scores import Share
    from audit.probing.case import Case
    from audit.probing.look import Look

OF_TRUE = (Fate.KEPT, Fate.WOBBLE, Fate.MISSED, Fate.MERGED, Fate.SPLIT, Fate.CUT)
"""The fates that a true object can have; their shares sum to 1."""

NO_PAIR = "no two true objects touch here"


@dataclass(frozen=True, kw_only=True)
class Ledger(Probe):
    """The fate of every object of each image, and the scores that its users know, by definition.

    `least_iou` is the IoU at which an object counts as kept. Scores that count invented objects are
    undefined where the truth annotates only part of the objects.
    """

    name: ClassVar[str] = "objects.ledger"
    asks: ClassVar[str] = "What becomes of each object?"
    source: ClassVar[str] = "doi:10.1002/cyto.a.23863"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, instances=True, tasks=("instance",))

    least_iou: float = 0.5

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the shares of the fates of each image, its scores, and a few rows an object."""
        for look in case.looks():
            truth = true_numbers(look)
            predicted = predicted_numbers(look, case.clean)
            complete = look.sample.complete
            found = ledger(truth, predicted, least_iou=self.least_iou, complete=complete)
            first, *more = fates(look, found)
            yield replace(first, picture=partial(pictured, look, truth, predicted, found))
            yield from more
            yield from pairs_that_touch(look, found, truth)
            away = distance_from_frame(truth, found.pairs.true.numbers)
            yield from biases(look, found, away)
            yield from scores(look, found)
            yield from objects(look, found, truth, away)


def pictured(
    look: Look, truth: NDArray[np.int64], predicted: NDArray[np.int64], found: Fates
) -> Picture:
    """Return the image with each object in the colour of its fate."""
    return draw_fates(look.image, truth, predicted, found, look.case.shades(look.number))


def fates(look: Look, found: Fates) -> Iterator[Measurement]:
    """Yield the share of true objects with each fate, and of predicted ones that are invented."""
    total = len(found.true_fates)
    for fate in OF_TRUE:
        value = found.of_true[fate] / total if total else None
        yield look.row(f"{fate}_fraction", value, weight=total, why=NO_OBJECT)
    if not look.sample.complete:
        yield look.undefined("invented_fraction", PARTIAL)
        return
    many = found.judged
    value = found.of_predicted[Fate.INVENTED] / many if many else None
    yield look.row("invented_fraction", value, weight=many, why=NONE_PREDICTED)


def pairs_that_touch(look: Look, found: Fates, truth: NDArray[np.int64]) -> Iterator[Measurement]:
    """Yield the share of the pairs of touching objects of which one predicted object holds both."""
    both = touching(truth)
    value = float(np.mean([found.joined(*pair) for pair in both.tolist()])) if len(both) else None
    yield look.row("merged_pairs_fraction", value, weight=len(both), why=NO_PAIR)


def scores(look: Look, found: Fates) -> Iterator[Measurement]:
    """Yield each score with its denominator as weight, so that the pooled one is a data set's."""
    pairs, one = found.pairs, matching(found.pairs, 0.5)
    told = {"seg": seg(pairs), "segmentation_quality": one.segmentation}
    counting = {
        "average_precision": one.average_precision,
        "object_f1": one.recognition,
        "panoptic_quality": one.panoptic,
        "det": det(pairs),
        "aggregated_jaccard": aggregated_jaccard(pairs),
    }
    for name, share in told.items():
        yield scored(look, name, share, NO_MATCH if name != "seg" else NO_OBJECT)
    if not look.sample.complete:
        yield from (look.undefined(name, PARTIAL) for name in (*counting, "mean_average_precision"))
        return
    for name, share in counting.items():
        yield scored(look, name, share, NO_OBJECT)
    many = one.average_precision.under
    yield look.row(
        "mean_average_precision", mean_average_precision(pairs), weight=many, why=NO_OBJECT
    )


def scored(look: Look, name: str, share: Share, why: str) -> Measurement:
    """Return a score as a row, weighted by what it is divided by."""
    return look.row(name, share.value, weight=share.under, why=why)


def objects(
    look: Look, found: Fates, truth: NDArray[np.int64], away: NDArray[np.int64]
) -> Iterator[Measurement]:
    """Yield what is known of each true object: size, place, IoU, and which fate it has."""
    true = found.pairs.true
    middle = centres(truth, true.numbers)
    for place, number in enumerate(true.numbers.tolist()):
        here = look.at(object=number)
        yield here.row("diameter_px", diameter(int(true.areas[place])))
        yield here.row("edge_px", float(away[place]))
        yield here.row("centre_y_px", float(middle[place, 0]))
        yield here.row("centre_x_px", float(middle[place, 1]))
        yield here.row("object_iou", float(found.true_iou[place]))
        for fate in OF_TRUE:
            yield here.row(f"is_{fate}", float(found.true_fates[place] is fate))
