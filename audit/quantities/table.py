"""What one model measured of a quantity: values, losses of the clean score, or differences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.absence import Absence, Absent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audit.measurement import Measurement, Scalar
    from audit.quantities.quantity import Quantity
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

    def group(self, places: Mapping[str, Place]) -> str:
        """Return the independent unit in the scope "beyond": the movie, else the image."""
        place = places.get(self.sample)
        return place.group if place else self.sample or self.of

    def thing(self, places: Mapping[str, Place], quantity: Quantity) -> str:
        """Return the cluster of an observation: a track of a movie, else the image itself."""
        place = places.get(self.sample)
        # Without a movie an object is seen once; objects of one image depend on one another.
        tracked = quantity.each == (TRACK,) and place is not None and place.movie
        return f"{self.group(places)} {self.of}" if tracked else self.sample or self.of


TRACK = "track"
"""The condition that names one object through all frames of a movie."""


Table = dict[tuple[Observation, "Scalar | None"], tuple[float, float]]
"""(observation, choice) to (value, weight)."""


UNSCORED = "the untouched images have no score, so that no loss can be computed"


def table(record: Record, quantity: Quantity, digest: str) -> Table | Absent:
    """Return the values of one model, as drops where they are judged against clean ones."""
    rows = [
        row
        for row in record.measurements(quantity.probe, digest, quantity.metric)
        if fits(row.at, quantity)
    ]
    if not rows:
        return absence(record, quantity, digest)
    cells = {(identity(row, quantity), row.at.get(quantity.over or "")): row for row in rows}
    values = {key: (row.value, row.weight) for key, row in cells.items() if row.value is not None}
    if "clean" in quantity.against:
        clean = record.measurements(BASELINE, digest, quantity.metric)
        # A class's loss is from the same class's score.
        values = drops(values, [row for row in clean if row.at.items() <= quantity.at.items()])
    if values:
        return values
    why = next((row.undefined for row in rows if row.undefined), UNSCORED)
    return Absent(Absence.UNDEFINED, why)


def fits(at: Mapping[str, Scalar], quantity: Quantity) -> bool:
    """Return whether a condition is the quantity's, and no other."""
    free = {*quantity.each, *([quantity.over] if quantity.over else [])}
    here = {key: value for key, value in at.items() if key not in free}
    return here == quantity.at and free <= at.keys()


def identity(row: Measurement, quantity: Quantity) -> Observation:
    """Return what a row is about: its sample, and what stands beside or in place of it."""
    apart = {key: value for key, value in row.at.items() if key in quantity.each}
    if row.sample is None and not quantity.each:
        apart = {key: value for key, value in row.at.items() if key != quantity.over}
    of = " ".join(str(value) for value in apart.values())
    return Observation(row.sample or "", of)


def absence(record: Record, quantity: Quantity, digest: str) -> Absent:
    """Return why there are no rows: of the kind that weighs most, in words."""
    units = [unit for unit in record.units(quantity.probe) if unit.model in (digest, "")]
    if not units:
        return unbegun(record, quantity.probe)
    for kind, words in WEIGHED.items():
        # A block that was done image by image says why under the images.
        said = [u.reason for u in units if KINDS.get(u.status) is kind and u.reason]
        if said:
            return Absent(kind, words.format(Counter(said).most_common(1)[0][0]))
    here = f"{quantity.probe} has no {quantity.metric} at this condition"
    return Absent(Absence.UNDEFINED, here)


KINDS = {
    "failed": Absence.FAILED,
    "timeout": Absence.FAILED,
    "unread": Absence.UNREAD,
    "stopped": Absence.UNFINISHED,
    "skipped": Absence.LACKING,
    "not_applicable": Absence.NOT_APPLICABLE,
}
"""The kind of absence that each status of a unit of work means."""


WEIGHED = {
    Absence.FAILED: "the model failed: {}",
    Absence.UNREAD: "no image could be read: {}",
    Absence.UNFINISHED: "{}",
    Absence.LACKING: "{}",
    Absence.NOT_APPLICABLE: "{}",
}
"""What is said of each kind, the one first that weighs most."""


def unbegun(record: Record, probe: str) -> Absent:
    """Return why a probe has no unit of work in a record.

    Every probe that was asked for is registered before the first unit is begun.
    """
    known = record.provenance()
    if known.get("unfinished") and probe in record.versions():
        return Absent(Absence.UNFINISHED, f"{probe} was not begun")
    if why := known.get("left_out", {}).get(probe):
        return Absent(Absence.NOT_ASKED, f"its profile leaves {probe} out, which {why}")
    return Absent(Absence.NOT_ASKED, f"{probe} was not asked for")


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
