"""Class by class: what is found of each, and what is taken for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.metrics.overlap import confusion, region
from audit.probing.probe import Needs, Probe
from audit.tasks.semantic import ABSENT, EMPTY, PARTIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

SILENT = "this class was predicted nowhere"


@dataclass(frozen=True, kw_only=True)
class Classes(Probe):
    """Recall, precision and IoU of each class, the confusion of classes, and two accuracies.

    The confusion is the share of the pixels of the `truth` class that are `predicted` as another.
    Accuracy is what a frequent class rules; balanced accuracy is the mean recall of the classes
    that are there, 1 / K for any constant. Naive predictors are asked the same.
    """

    name: ClassVar[str] = "imbalance.classes"
    asks: ClassVar[str] = "Is a rare class found, or only the frequent ones?"
    source: ClassVar[str] = "doi:10.1186/s12880-015-0068-x"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, naive=True, tasks=("semantic",))

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the rows of each image as it is."""
        for look in case.looks():
            counts = confusion(look.labels, look.mask, case.model.traits.classes)
            yield from self.of_classes(counts, look)
            yield from self.confused(counts, look)
            yield from self.overall(counts, look)

    @staticmethod
    def of_classes(counts: list[list[int]], look: Look) -> Iterator[Measurement]:
        """Yield recall, precision and IoU of each class."""
        known = look.sample.complete
        for number in range(len(counts)):
            one, here = region(counts, range(number, number + 1)), look.at(**{"class": number})
            # Where truth is partial, what it calls background is none.
            recall = one.recall if known or number else None
            why = ABSENT if known or number else PARTIAL
            yield here.row("class_recall", recall, weight=one.truth, why=why)
            precision = one.intersection / one.predicted if known and one.predicted else None
            why = SILENT if known else PARTIAL
            yield here.row("class_precision", precision, weight=one.predicted, why=why)
            iou, why = (one.iou, EMPTY) if known else (None, PARTIAL)
            yield here.row("class_iou", iou, weight=one.union, why=why)

    @staticmethod
    def confused(counts: list[list[int]], look: Look) -> Iterator[Measurement]:
        """Yield the confusion matrix, each row of which sums to one."""
        for truth, row in enumerate(counts):
            known = look.sample.complete or truth
            total = sum(row) if known else 0
            why = ABSENT if known else PARTIAL
            for predicted, count in enumerate(row):
                share, here = count / total if total else None, look.at(truth=truth)
                yield here.row(
                    "confused_fraction", share, weight=total, why=why, predicted=predicted
                )

    @staticmethod
    def overall(counts: list[list[int]], look: Look) -> Iterator[Measurement]:
        """Yield accuracy and balanced accuracy, undefined where truth is partial."""
        if not look.sample.complete:
            for metric in ("accuracy", "balanced_accuracy"):
                yield look.undefined(metric, PARTIAL)
            return
        pixels = sum(map(sum, counts))
        recalls = [row[number] / sum(row) for number, row in enumerate(counts) if sum(row)]
        right = sum(row[number] for number, row in enumerate(counts))
        yield look.row("accuracy", right / pixels, weight=pixels)
        balanced = sum(recalls) / len(recalls)
        yield look.row("balanced_accuracy", balanced, weight=len(recalls))
