"""Trainings that follow one another in a log: begun anew, or resumed from a checkpoint.

Where the count goes back to its start, another training begins. Where it goes back less far, the
training was resumed: what had been logged from there on belongs to nothing that went on, and is
dropped, as TensorBoard does. A place that is logged twice keeps its last value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.logs.axis import Place


@dataclass(kw_only=True)
class Series:
    """The values of one column along one training, at rising places."""

    at: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    resumed: list[tuple[float, float]] = field(default_factory=list)
    repeated: int = 0

    def add(self, at: float, value: float) -> None:
        """Append a value; one that is not beyond the last takes the place of what it repeats."""
        if self.at and at < self.at[-1]:
            self.resumed.append((self.at[-1], at))
        elif self.at and at == self.at[-1]:
            self.repeated += 1
        while self.at and at <= self.at[-1]:
            self.at.pop()
            self.values.pop()
        self.at.append(at)
        self.values.append(value)


@dataclass(kw_only=True)
class Attempt:
    """One training: its columns, and where it began."""

    start: float = float("inf")
    series: dict[str, Series] = field(default_factory=dict)

    def is_over(self, at: float, columns: Iterable[str]) -> bool:
        """Say whether values of these columns at a place can only be of another training."""
        behind = (column in self.series and at < self.series[column].at[-1] for column in columns)
        return at <= self.start and any(behind)

    def add(self, at: float, row: Iterable[tuple[str, float]]) -> None:
        """Append the values of a row."""
        self.start = min(self.start, at)
        for column, value in row:
            self.series.setdefault(column, Series()).add(at, value)


def attempts(places: Iterable[Place]) -> list[Attempt]:
    """Return the trainings of a log, from its rows in their order."""
    found: list[Attempt] = []
    for at, row in places:
        if not found or found[-1].is_over(at, row):
            found.append(Attempt())
        found[-1].add(at, row.items())
    return found
