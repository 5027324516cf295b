"""What differs surely between networks: paired differences, one risk of 5 % for a whole family."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.statistics.multiplicity import holm_levels
from reports.benchmark.level import Scatter, detectable, deviation, difference, scatter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.statistics.estimate import Estimate
    from reports.benchmark.column import Column
    from reports.benchmark.seen import Seen

ALPHA = 0.05
"""The risk that anything in a family is marked where nothing differs."""

Name = str
"""A row of a table: a recipe and a number of images."""


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """One quantity of one row minus that of the row that it is compared with.

    `reach` is the most that two of its values can differ by.
    """

    row: Name
    against: Name
    quantity: Column
    estimate: Estimate
    held_to: float
    reach: float = math.inf

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval at the level that the family leaves to this comparison.

        Two values differ by no more than their ends do.
        """
        found, most = self.estimate.interval(1 - self.held_to), self.reach
        return None if found is None else (max(-most, found[0]), min(most, found[1]))

    @property
    def sure(self) -> bool:
        """Whether the interval excludes that nothing differs."""
        return self.interval is not None and (self.interval[0] > 0 or self.interval[1] < 0)

    @property
    def same(self) -> bool:
        """Whether the two agree on every image, as where neither sees or loses anything."""
        return self.estimate.value == 0 and deviation(self.estimate) == 0

    @property
    def better(self) -> bool:
        """Whether the row is on the good side."""
        return (self.estimate.value > 0) == (self.quantity.better == "higher")

    @property
    def word(self) -> str:
        """What the interval says, in a word; "" where nothing differs surely."""
        return ("better" if self.better else "worse") if self.sure else ""

    @property
    def negligible(self) -> bool:
        """Whether any difference is surely smaller than what somebody would mind."""
        small, span = self.quantity.small, self.interval
        return small is not None and span is not None and -small < span[0] <= span[1] < small

    @property
    def seen_from(self) -> float | None:
        """The smallest difference that would have been seen four times in five; None if unknown.

        Of a breaking point it is a factor.
        """
        found = detectable(self.estimate, self.held_to)
        return math.exp(found) if found is not None and self.quantity.breaks else found


Table = dict[Name, dict[str, list["Seen"]]]
"""What was seen, by row and by quantity, one entry a seed."""


def family(
    table: Mapping[Name, Mapping[str, Sequence[Seen]]],
    against: Name,
    quantities: Sequence[Column],
) -> list[Contrast]:
    """Return every row compared with one, in every quantity; all share one risk (Holm).

    What has no direction and what has no interval is not compared, and takes no share of the risk.
    """
    found = []
    for one in quantities:
        seen = {row: here[one.name] for row, here in table.items() if one.name in here}
        known = apart(one, table)
        for row in seen if one.better and against in seen else ():
            estimate = paired(one, seen[row], seen[against], known) if row != against else None
            if estimate is not None and estimate.interval() is not None:
                found.append((row, one, estimate))
    levels = holm_levels([estimate.doubt(0.0) for *_, estimate in found], ALPHA)
    return [
        Contrast(
            row=row,
            against=against,
            quantity=one,
            estimate=estimate,
            held_to=level,
            reach=reach(table[against][one.name]),
        )
        for (row, one, estimate), level in zip(found, levels, strict=True)
    ]


def reach(seen: Sequence[Seen]) -> float:
    """Return the most that two values of a quantity can differ by."""
    low, high = seen[0].ends
    return high - low


def apart(wanted: Column, table: Mapping[str, Mapping[str, Sequence[Seen]]]) -> Scatter | None:
    """Return how much networks of one row scatter in a quantity, as all rows of a table tell."""
    return scatter(wanted, [here[wanted.name] for here in table.values() if wanted.name in here])


def paired(
    wanted: Column, first: Sequence[Seen], second: Sequence[Seen], apart: Scatter | None
) -> Estimate | None:
    """Return the difference of two rows on the networks and images that both have."""
    both = min(len(first), len(second))
    return difference(wanted, first[:both], second[:both], apart)
