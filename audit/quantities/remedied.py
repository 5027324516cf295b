"""What a remedy changes: each image before and after it, and the gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.absence import Absence, Absent
from audit.quantities.answer import Answer
from audit.quantities.evidence import arranged, gather
from audit.quantities.statistic import chosen
from audit.quantities.table import table
from audit.quantities.terms import alike

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.measurement import Scalar
    from audit.quantities.evidence import Evidence
    from audit.quantities.quantity import Quantity
    from audit.quantities.table import Table
    from audit.record.record import Record
    from audit.statistics.estimate import Scope


@dataclass(frozen=True, kw_only=True)
class Remedied:
    """Means before and after a remedy; a `gain` above 0 is one for the better.

    `choices` are the levels that were chosen, on other images than each was proven on.
    """

    before: float
    after: float
    gain: Answer
    choices: tuple[Scalar | None, ...] = ()


def chosen_level(record: Record, quantity: Quantity, scope: Scope) -> Remedied | Absent:
    """Return what the best level of a condition changes, chosen on other images.

    The level 1 is that of the untouched image; where it was best nothing is gained.
    """
    evidence = gather(record, quantity)
    if isinstance(evidence, Absent):
        return evidence
    if 1.0 not in evidence.choices:
        return Absent(Absence.UNDEFINED, f"{quantity.probe} has no {quantity.over} of 1")
    best = chosen(evidence, -evidence.sign)
    choices = tuple(evidence.choices[number] for number in np.unique(best))
    before = evidence.values[:, evidence.choices.index(1.0)]
    after = evidence.values[np.arange(len(best)), best]
    return remedied(evidence, before, after, scope, choices)


def other_way(record: Record, before: Quantity, after: Quantity, scope: Scope) -> Remedied | Absent:
    """Return what changes from one quantity to another, on the images that have both."""
    digest = record.models().get("audited", "")
    cells: Table = {}
    for number, quantity in enumerate((before, after)):
        found = table(record, quantity, digest)
        if isinstance(found, Absent):
            return found
        cells |= {(observation, number): cell for (observation, _), cell in found.items()}
    evidence = arranged(record, after, cells, {})
    if isinstance(evidence, Absent):
        return evidence
    return remedied(evidence, evidence.values[:, 0], evidence.values[:, 1], scope)


def remedied(
    evidence: Evidence,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    scope: Scope,
    choices: tuple[Scalar | None, ...] = (),
) -> Remedied:
    """Return the means of two values an observation, and what each image gains."""
    terms, most = alike(evidence, (after - before) * -evidence.sign), evidence.high - evidence.low
    gain = Answer(
        here=terms.estimate("here"),
        beyond=terms.estimate("beyond"),
        scope=scope,
        low=-most,
        high=most,
    )
    return Remedied(
        before=float(before.mean()), after=float(after.mean()), gain=gain, choices=choices
    )
