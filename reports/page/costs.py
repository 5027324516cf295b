"""What each suite cost: how often the network was asked, and how long that took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.words import clean, duration, number

if TYPE_CHECKING:
    from audit.record.record import Record

BACKWARD = 2.0
"""A backward pass to the image costs as much as two forward passes: measured 1.5 to 2.5."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a suite cost; passes are in units of one whole untouched image."""

    suite: str
    forward: float
    backward: float
    seconds: float

    @property
    def equivalents(self) -> float:
        """Forward passes that would have cost as much."""
        return self.forward + BACKWARD * self.backward


def costs(record: Record) -> list[Cost]:
    """Return the cost of every suite over all models, the dearest first."""
    query = (
        "select substr(probe, 1, instr(probe, '.') - 1), total(passes), total(gradients), "
        "total(seconds) from units group by 1"
    )
    found = [
        Cost(suite=suite, forward=forward, backward=backward, seconds=seconds)
        for suite, forward, backward, seconds in record.database.execute(query)
    ]
    return sorted(found, key=lambda one: -one.seconds)


def table(record: Record) -> tuple[tuple[str, ...], ...]:
    """Return the cost of every suite in words, with its share of the time."""
    found = costs(record)
    whole = sum(one.seconds for one in found) or 1.0
    images = pictured(record)
    return tuple(
        (
            clean(one.suite).replace("_", " "),
            number(one.equivalents / images, 1),
            number(one.forward, 0),
            number(one.backward, 0),
            duration(one.seconds),
            f"{one.seconds / whole:.0%}",
        )
        for one in found
    )


def pictured(record: Record) -> int:
    """Return how many test images there are, at least 1."""
    query = "select count(*) from samples where part = 'test'"
    return max(1, int(record.database.execute(query).fetchone()[0]))
