"""Rows of a table compared with one of them: every quantity, and one risk of 5 % for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.quantities.contrast import Contrast, held_to, nothing
from audit.quantities.networks import difference
from audit.quantities.scatter import scatter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.quantities.answer import Answer
    from audit.quantities.scatter import Scatter
    from audit.quantities.seen import Seen
    from reports.benchmark.column import Column

Name = str
"""A row of a table: a recipe and a number of images."""

Table = dict[Name, dict[str, list["Seen"]]]
"""What was seen, by row and by quantity, one entry a seed."""


@dataclass(frozen=True, kw_only=True)
class Compared(Contrast):
    """One quantity of one row minus that of the row that it is compared with."""

    row: Name
    against: Name
    quantity: Column


def family(
    table: Mapping[Name, Mapping[str, Sequence[Seen]]],
    against: Name,
    quantities: Sequence[Column],
) -> list[Compared]:
    """Return every row compared with one, in every quantity; all share one risk (Holm).

    Quantities without a better direction or without an interval are left out, and take no share.
    """
    found: list[tuple[Name, Column, Answer]] = []
    for one in quantities:
        seen = {row: here[one.name] for row, here in table.items() if one.name in here}
        known = apart(one, table)
        for row in seen if against in seen else ():
            answer = paired(seen[row], seen[against], known) if row != against else None
            if answer is not None and answer.interval() is not None:
                found.append((row, one, answer))
    answers = [answer for *_, answer in found]
    return [
        Compared(
            row=row,
            against=against,
            quantity=one,
            answer=answer,
            better=table[row][one.name][0].better,
            held_to=level,
            small=one.small,
        )
        for (row, one, answer), level in zip(
            found, held_to(answers, [[nothing(one)] for one in answers]), strict=True
        )
    ]


def apart(wanted: Column, table: Mapping[str, Mapping[str, Sequence[Seen]]]) -> Scatter | None:
    """Return how much networks of one row scatter in a quantity, estimated from all rows."""
    return scatter([here[wanted.name] for here in table.values() if wanted.name in here])


def paired(first: Sequence[Seen], second: Sequence[Seen], apart: Scatter | None) -> Answer | None:
    """Return the difference of two rows on the networks and images that both have."""
    both = min(len(first), len(second))
    directed = bool(first[0].better)
    return difference(first[:both], second[:both], apart=apart) if directed else None
