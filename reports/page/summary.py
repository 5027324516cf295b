"""Everything that a probe of many measures found, in one table: mean and range of each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from audit.role import AUDITED, Role
from reports.words import NONE, clean, measured, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Measurement
    from audit.record.record import Record
    from reports.figures.evidence import Question
    from reports.vocabulary import Vocabulary

MOST = 16

Table = tuple[tuple[str, ...], ...]
Cells = dict[tuple[str, str], list["Measurement"]]
"""Measurements by metric and condition, in words."""


def summary(
    record: Record, question: Question, roles: Mapping[Role, str], words: Vocabulary
) -> Table:
    """Return a head and a line for each metric and condition; nothing where one line would do."""
    cells = {role: arranged(record, question, digest, words) for role, digest in roles.items()}
    mine = cells.pop(AUDITED)
    if len(mine) < 2:  # noqa: PLR2004
        return ()
    head = ("metric", "condition", "mean", "lowest to highest", "values", *map(clean, cells))
    lines = [
        (
            *(*key, mean(rows), extent(rows), known(rows)),
            *(mean(other.get(key, ())) for other in cells.values()),
        )
        for key, rows in list(mine.items())[:MOST]
    ]
    more = len(mine) - len(lines)
    end = [(f"{more} more lines are in the record", *[""] * (len(head) - 1))] if more > 0 else []
    return (head, *lines, *end)


def arranged(record: Record, question: Question, digest: str, words: Vocabulary) -> Cells:
    """Return a probe's measurements by metric and condition, objects and draws together."""
    found: Cells = defaultdict(list)
    for row in record.measurements(question.name, digest):
        condition, _ = words.apart(row.at)
        where = words.condition(condition) if condition else "all"
        found[words.metric(row.metric), where].append(row)
    return found


def mean(rows: Sequence[Measurement]) -> str:
    """Return the mean of what was measured, or why nothing was."""
    values = [row.value for row in rows if row.value is not None]
    if values:
        return measured(sum(values) / len(values))
    return f"undefined: {short(rows[0].undefined, 60)}" if rows else NONE


def extent(rows: Sequence[Measurement]) -> str:
    """Return the lowest and the highest value."""
    values = [row.value for row in rows if row.value is not None]
    many = len(set(values)) > 1
    return f"{measured(min(values))} to {measured(max(values))}" if many else NONE


def known(rows: Sequence[Measurement]) -> str:
    """Return how many values there are, and how many have none."""
    undefined = sum(row.value is None for row in rows)
    return f"{len(rows) - undefined}" + (f", {undefined} undefined" if undefined else "")
