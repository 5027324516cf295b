"""Class by class: what is found of each, and what is taken for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.metrics.overlap import confusion, region
from audit.probing.probe import Needs, Probe
from audit.tasks.semantic import ABSENT, EMPTY, PARTIAL, measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.datasets.sample import Sample
    from audit.measurement import Measurement
    from audit.probing.case import Case

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
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, naive=True)

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the rows of each image as it is."""
        for sample, labels, mask in zip(case.samples, case.clean.labels, case.masks, strict=True):
            counts = confusion(labels, mask, case.model.traits.classes)
            yield from self.of_classes(counts, sample)
            yield from self.confused(counts, sample)
            yield from self.overall(counts, sample)

    @staticmethod
    def of_classes(counts: list[list[int]], sample: Sample) -> Iterator[Measurement]:
        """Yield recall, precision and IoU of each class."""
        for number in range(len(counts)):
            one, at = region(counts, range(number, number + 1)), {"class": number}
            known = sample.complete
            # Where truth is partial, what it calls background is none.
            recall = one.recall if known or number else None
            why = ABSENT if known or number else PARTIAL
            yield measured(("class_recall", sample, at), recall, one.truth, why)
            precision = one.intersection / one.predicted if known and one.predicted else None
            why = SILENT if known else PARTIAL
            yield measured(("class_precision", sample, at), precision, one.predicted, why)
            why = EMPTY if known else PARTIAL
            yield measured(("class_iou", sample, at), one.iou if known else None, one.union, why)

    @staticmethod
    def confused(counts: list[list[int]], sample: Sample) -> Iterator[Measurement]:
        """Yield the confusion matrix, each row of which sums to one."""
        for truth, row in enumerate(counts):
            total = sum(row) if sample.complete or truth else 0
            why = ABSENT if sample.complete or truth else PARTIAL
            for predicted, count in enumerate(row):
                share = count / total if total else None
                at = {"truth": truth, "predicted": predicted}
                yield measured(("confused_fraction", sample, at), share, total, why)

    @staticmethod
    def overall(counts: list[list[int]], sample: Sample) -> Iterator[Measurement]:
        """Yield accuracy and balanced accuracy, undefined where truth is partial."""
        pixels = sum(map(sum, counts))
        recalls = [row[number] / sum(row) for number, row in enumerate(counts) if sum(row)]
        right = sum(row[number] for number, row in enumerate(counts)) / pixels
        known = sample.complete
        yield measured(("accuracy", sample, {}), right if known else None, pixels, PARTIAL)
        balanced = sum(recalls) / len(recalls) if known else None
        yield measured(("balanced_accuracy", sample, {}), balanced, len(recalls), PARTIAL)
