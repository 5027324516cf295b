"""One quantity of one network, image by image, so that networks can be set beside one another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.absence import Absent
from audit.quantities.evidence import gather
from audit.quantities.score import of_task
from audit.quantities.statistic import TERMS, factors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from audit.metric import Better, Metric
    from audit.quantities.evidence import Evidence
    from audit.quantities.quantity import Quantity
    from audit.quantities.terms import Terms
    from audit.record.record import Record

Image = tuple[str, str]
"""An image is known by its id and its digest: pixels that changed are another image."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A quantity, its evidence in the record of one network, and which way it is good.

    What holds of the network as a whole stands in a single row of no image.
    """

    quantity: Quantity
    evidence: Evidence
    better: Better = "higher"
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def observed(self) -> tuple[Image, ...]:
        """The image of each observation."""
        return tuple((name, self.digests.get(name, "")) for name in self.evidence.samples)

    @property
    def images(self) -> tuple[Image, ...]:
        """The images, in one order."""
        return tuple(sorted(set(self.observed)))

    @property
    def terms(self) -> Terms:
        """What each image adds; ValueError where the statistic is not made of such."""
        made = TERMS.get(self.quantity.statistic)
        if made is None:
            raise ValueError(f"the statistic {self.quantity.statistic!r} has no terms")
        return made(self.evidence, self.quantity)


def see(record: Record, quantity: Quantity) -> Seen | Absent:
    """Return a quantity of the network that a record is about, or why it has none."""
    quantity = of_task(quantity, record)
    found = gather(record, quantity)
    if isinstance(found, Absent):
        return found
    return Seen(
        quantity=quantity,
        evidence=found,
        better=direction(record.metrics().get(quantity.metric), quantity, found),
        digests=record.digests(),
    )


def direction(metric: Metric | None, quantity: Quantity, evidence: Evidence) -> Better:
    """Return which way a quantity is good: for a loss, the opposite of its metric's.

    A breaking point is better the further along its axis it lies.
    """
    if metric is not None and not metric.better:
        return ""
    if quantity.statistic == "breaking_point":
        levels = factors(evidence)
        return "higher" if levels[-1] > levels[0] else "lower"
    return "lower" if evidence.sign > 0 else "higher"


def shared(many: Sequence[Seen]) -> list[Seen]:
    """Return what was seen on the images that all have; [] where there is none."""
    common = set.intersection(*(set(one.images) for one in many))
    if not common:
        return []
    return [chosen(one, np.array([image in common for image in one.observed])) for one in many]


def chosen(one: Seen, kept: NDArray[np.bool_]) -> Seen:
    """Return what was seen in some of the observations."""
    found, rows = one.evidence, np.flatnonzero(kept).tolist()
    evidence = replace(
        found,
        samples=tuple(found.samples[row] for row in rows),
        groups=tuple(found.groups[row] for row in rows),
        things=tuple(found.things[row] for row in rows),
        values=found.values[kept],
        weights=found.weights[kept],
        beside=found.beside[kept],
    )
    return replace(one, evidence=evidence)
