"""What one model measured of a rule, cell by cell: as it is, as drops, or against other models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audit.measurement import Measurement, Scalar
    from audit.policy.rule import Rule
    from audit.record.record import Record

BASELINE = "pipeline.score"
"""The probe whose rows are the untouched images' scores."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a sample stands in the experiment; `movie` where its group has more of them."""

    group: str
    frame: int
    movie: bool = False


@dataclass(frozen=True, order=True)
class Observation:
    """What a row is about: its sample, and what tells it apart from others of that sample."""

    sample: str
    of: str = ""

    def cluster(self, places: Mapping[str, Place], rule: Rule) -> str:
        """Return what it is dependent within: a track of a movie, else the movie or the image."""
        place = places.get(self.sample)
        movie = place.group if place else self.sample or self.of
        # In an image of its own an object is seen once, but with all others under the same light.
        tracked = rule.each == (TRACK,) and place is not None and place.movie
        return f"{movie} {self.of}" if tracked else movie


TRACK = "track"
"""The condition that names one object through all frames of a movie."""


Table = dict[tuple[Observation, "Scalar | None"], tuple[float, float]]
"""(observation, choice) to (value, weight)."""


def table(record: Record, rule: Rule, digest: str) -> Table | str:
    """Return the rule's values of one model, as drops where they are judged against clean ones."""
    rows = [
        row for row in record.measurements(rule.probe, digest, rule.metric) if fits(row.at, rule)
    ]
    if not rows:
        return absence(record, rule, digest)
    cells = {(identity(row, rule), row.at.get(rule.over or "")): row for row in rows}
    values = {key: (row.value, row.weight) for key, row in cells.items() if row.value is not None}
    if "clean" in rule.against:
        clean = record.measurements(BASELINE, digest, rule.metric)
        # A class's loss is from the same class's score.
        values = drops(values, [row for row in clean if row.at.items() <= rule.at.items()])
    if values:
        return values
    why = str(rows[0].undefined)
    return why if len(rows) == 1 else f"every measurement is undefined: {why}"


def fits(at: Mapping[str, Scalar], rule: Rule) -> bool:
    """Return whether a condition is the rule's, and no other."""
    free = {*rule.each, *([rule.over] if rule.over else [])}
    here = {key: value for key, value in at.items() if key not in free}
    return here == rule.at and free <= at.keys()


def identity(row: Measurement, rule: Rule) -> Observation:
    """Return what a row is about: its sample, and what stands beside or in place of it."""
    apart = {key: value for key, value in row.at.items() if key in rule.each}
    if row.sample is None and not rule.each:
        apart = {key: value for key, value in row.at.items() if key != rule.over}
    of = " ".join(str(value) for value in apart.values())
    return Observation(row.sample or "", of)


def absence(record: Record, rule: Rule, digest: str) -> str:
    """Return why there are no rows, in words."""
    units = [unit for unit in record.units(rule.probe) if unit.model in (digest, "")]
    reasons = [unit.reason for unit in units if unit.reason]
    if not units:
        return f"{rule.probe} was not run"
    if not reasons:
        return f"{rule.probe} has no {rule.metric} at this condition"
    status = next(unit for unit in units if unit.reason).status.replace("_", " ")
    return f"{rule.probe} {status}: {reasons[0]}"


def drops(values: Table, clean: Iterable[Measurement]) -> Table:
    """Return what each image lost, from the value of the untouched image."""
    before = {row.sample: row.value for row in clean}
    paired: Table = {}
    for (observation, choice), (value, weight) in values.items():
        untouched = before.get(observation.sample)
        if untouched is not None:
            paired[observation, choice] = (untouched - value, weight)
    return paired


def average(values: Table) -> float:
    """Return the mean of a table's values."""
    return float(np.mean([value for value, _ in values.values()]))


def deviations(references: Sequence[Table]) -> tuple[float, ...]:
    """Return how far each reference network lies from the mean of all, on the images they share."""
    apart = [relative(one, references) for one in references]
    return tuple(average(one) for one in apart if one)


def relative(mine: Table, references: Sequence[Table]) -> Table:
    """Return the difference from the mean of the reference networks, on the same images."""
    return {
        key: (value - float(np.mean([other[key][0] for other in references])), weight)
        for key, (value, weight) in mine.items()
        if all(key in other for other in references)
    }
