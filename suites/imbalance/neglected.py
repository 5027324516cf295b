"""The class that is found least."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe
from audit.tasks.semantic import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.probing.case import Case

BACKGROUND = 0
NO_CLASS = "there is no foreground in any image"

Found = dict[str, tuple[float, float]]
"""Of one class, by image: recall and true pixels."""


@dataclass(frozen=True, kw_only=True)
class Neglected(Probe):
    """Recall of the foreground class that is found least over all images together.

    With two classes it is the foreground's. The class's number, and its share of all true
    foreground pixels, stand beside it: a network trained without weights neglects the rarest.
    """

    name: ClassVar[str] = "imbalance.neglected"
    asks: ClassVar[str] = "Which class is found least, and how much of it?"
    source: ClassVar[str] = "doi:10.1016/j.neunet.2018.07.011"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, tasks=("semantic",))
    scope: ClassVar = "audit"
    after: ClassVar[tuple[str, ...]] = ("imbalance.classes",)

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield each image's recall of that class, its number and its share."""
        classes = self.read(case)
        least = min(classes, key=lambda number: (pooled(classes[number]), number), default=None)
        found = classes[least] if least is not None else {}
        pixels = {number: sum(area for _, area in one.values()) for number, one in classes.items()}
        share = pixels[least] / sum(pixels.values()) if least is not None else None
        for metric, value in (("neglected_class", least), ("neglected_fraction", share)):
            why = NO_CLASS if value is None else None
            yield Measurement(metric, None if value is None else float(value), undefined=why)
        for look in case.looks():
            if look.sample.mask is not None:
                recall, area = found.get(look.sample.id, (None, 0.0))
                row = look.row("neglected_recall", recall, weight=area, why=ABSENT)
                yield replace(row, remark=named(least, len(classes)))

    @staticmethod
    def read(case: Case) -> Mapping[int, Found]:
        """Return recall and true pixels of every foreground class that there is, by image."""
        classes: dict[int, Found] = defaultdict(dict)
        for row in case.rows("imbalance.classes"):
            number = row.at.get("class", BACKGROUND)
            if row.metric == "class_recall" and number != BACKGROUND and row.value is not None:
                classes[int(number)][row.sample or ""] = row.value, row.weight
        return classes


def named(least: int | None, many: int) -> str:
    """Return which class is found least, in a sentence; nothing where there is no class.

    >>> named(2, 3)
    'It is class 2, of 3 classes of foreground.'
    """
    if least is None:
        return ""
    if many == 1:
        return f"It is class {least}, the only class of foreground."
    return f"It is class {least}, of {many} classes of foreground."


def pooled(found: Found) -> float:
    """Return the share of all true pixels of a class that is found.

    >>> pooled({"a": (0.5, 2.0), "b": (1.0, 6.0)})
    0.875
    """
    return sum(recall * area for recall, area in found.values()) / sum(
        area for _, area in found.values()
    )
