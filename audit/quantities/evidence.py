"""From the rows of a record to the numbers that a quantity is made of: one an image, paired."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from audit.ordering import natural
from audit.quantities.absence import Absence, Absent
from audit.quantities.quantity import Quantity
from audit.quantities.score import of_task
from audit.quantities.table import (
    BASELINE,
    Place,
    Table,
    average,
    deviations,
    fits,
    relative,
    table,
    unbegun,
)
from audit.record.unread import refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from audit.measurement import Scalar
    from audit.metric import Metric
    from audit.quantities.table import Observation
    from audit.record.record import Record


class Remark(NamedTuple):
    """What a probe says of a value in its own words, and `of` what it was observed."""

    of: str
    text: str
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Values (observations, choices) and weights; `choices` are levels of `over`, else (None,).

    An observation is an image, or one of several things seen in it (objects, draws): `samples`
    then repeats. `groups` are the movies, plates or donors, `things` what is seen again and again
    (a track, else the image). `low` and `high` are the ends that a value can have; `sign` is 1
    where more is worse. `beside` holds each observation's second metric. `apart` says of each
    reference network how far it lies from the mean of all. `failed` are the images on which the
    model failed, `unread` those that could not be read. `unit` is what is observed. `remarks` are
    what the probe says of the values in its own words.
    """

    samples: tuple[str, ...]
    groups: tuple[str, ...]
    things: tuple[str, ...]
    choices: tuple[Scalar | None, ...]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    beside: NDArray[np.float64]
    low: float = -math.inf
    high: float = math.inf
    sign: int = 1
    failed: tuple[Place, ...] = ()
    unread: tuple[Place, ...] = ()
    unit: str = "image"
    remarks: tuple[Remark, ...] = ()
    apart: tuple[float, ...] = ()

    @property
    def missing(self) -> tuple[Place, ...]:
        """The images that have no value though they were asked about."""
        return self.failed + self.unread


def gather(record: Record, quantity: Quantity) -> Evidence | Absent:
    """Return the evidence for a quantity, or why there is none."""
    quantity = of_task(quantity, record)
    models = record.models()
    if not record.units(quantity.probe) and quantity.probe not in record.versions():
        return unbegun(record, quantity.probe)
    if "reference" in quantity.against and not digests(record, "reference"):
        known = record.provenance().get("stored_reference")
        why = UNPAIRED if known else "no reference network was given"
        return Absent(Absence.LACKING, why)
    mine = table(record, quantity, models.get("audited", ""))
    if isinstance(mine, Absent):
        asked = "audited" in models or bool(record.units(quantity.probe))
        return mine if asked else Absent(Absence.LACKING, "no model was audited")
    apart: tuple[float, ...] = ()
    for kind, name in RIVALS.items():
        if kind in quantity.against:
            rivals = [table(record, quantity, digest) for digest in digests(record, kind)]
            tables = [rival for rival in rivals if not isinstance(rival, Absent)]
            if not tables:
                return Absent(Absence.LACKING, f"the {name} has no such measurement")
            apart = deviations(tables) if kind == "reference" else apart
            mine = relative(mine, [max(tables, key=average)] if kind == "naive" else tables)
    second = company(record, quantity)
    if isinstance(second, Absent):
        return second
    found = arranged(record, quantity, mine, second)
    return found if isinstance(found, Absent) else replace(found, apart=apart)


UNPAIRED = "the stored reference networks measured other images, or with other settings"


def digests(record: Record, kind: str) -> list[str]:
    """Return the digests of the models whose roles are of one kind, in the order of their roles."""
    known = record.roles()
    return [known[role] for role in sorted(known, key=str) if role.kind == kind]


RIVALS = {"reference": "reference network", "naive": "best naive predictor"}
"""Other models that a quantity may subtract, and what they are called."""


def arranged(record: Record, quantity: Quantity, values: Table, second: Table) -> Evidence | Absent:
    """Return values as arrays of the observations that have every choice."""
    choices = tuple(sorted({choice for _, choice in values}, key=order(record, quantity)))
    seen = sorted({observation for observation, _ in values})
    places = positions(record)
    if quantity.statistic == "permutation":
        # Groups of different images are compared: none has more than its own choice.
        whole = seen
    else:
        whole = [one for one in seen if all((one, choice) in values for choice in choices)]
    if not whole:
        why = f"no image has {quantity.metric} at every {quantity.over}"
        return Absent(Absence.UNDEFINED, why)
    cells = [[values.get((one, choice), ABSENT) for choice in choices] for one in whole]
    failed, unread = (
        tuple(located(name, number, places, whole) for number, name in enumerate(sorted(names)))
        for names in without(record, quantity, whole)
    )
    metric = record.metrics().get(quantity.metric)
    low, high = ends(metric, quantity)
    return Evidence(
        samples=tuple(one.sample or one.of for one in whole),
        groups=tuple(one.group(places) for one in whole),
        things=tuple(one.thing(places, quantity) for one in whole),
        choices=choices,
        values=np.array([[value for value, _ in row] for row in cells]),
        weights=np.array([[weight for _, weight in row] for row in cells]),
        beside=np.array([second.get((one, None), ABSENT)[0] for one in whole]),
        low=low,
        high=high,
        sign=worse(metric, quantity),
        failed=failed,
        unread=unread,
        unit="image" if any(one.sample for one in whole) else "measurement",
        remarks=remarked(record, quantity),
    )


def ends(metric: Metric | None, quantity: Quantity) -> tuple[float, float]:
    """Return the least and the most that one value of a quantity can be.

    A difference of two shares lies in -1..1, the difference of two of those in -2..2.

    >>> from audit.metric import share
    >>> asked = Quantity(probe="shift.noise", metric="iou", against=["clean", "reference"])
    >>> ends(share("iou", "IoU"), asked)
    (-2.0, 2.0)
    """
    if metric is None:
        return -math.inf, math.inf
    if not quantity.against:
        return metric.low, metric.high
    reach = len(quantity.against) * metric.span
    return -reach, reach


def worse(metric: Metric | None, quantity: Quantity) -> int:
    """Return 1 where more of a quantity is worse, -1 where less is: a loss turns a score round."""
    lower = metric is not None and metric.better == "lower"
    return 1 if lower != ("clean" in quantity.against) else -1


def remarked(record: Record, quantity: Quantity) -> tuple[Remark, ...]:
    """Return what the probe remarked on the rows of a quantity, in the order of their numbers."""
    model = record.models().get("audited", "")
    known = record.remarks(quantity.probe, quantity.metric, model)
    rows = record.measurements(quantity.probe, model, quantity.metric)
    values = {str(dict(row.at)): row.value for row in rows}
    # What is said of every image alike is said once.
    said = {str(at): (at, text) for at, text in known if fits(at, quantity)}
    found = [
        Remark(", ".join(str(at[key]) for key in quantity.each), text, values.get(name))
        for name, (at, text) in said.items()
    ]
    return tuple(sorted(found, key=lambda one: natural(one.of)))


ABSENT = (float("nan"), 0.0)
"""In the place of a value at a choice that is not this observation's."""


def company(record: Record, quantity: Quantity) -> Table | Absent:
    """Return the second metric of a correlation; nothing where the quantity has none."""
    if quantity.beside is None:
        return {}
    second = Quantity(
        probe=quantity.probe, metric=quantity.beside, at=quantity.at, each=quantity.each
    )
    return table(record, second, record.models().get("audited", ""))


def order(record: Record, quantity: Quantity) -> Any:
    """Return the sort key of choices: as the probe lists them, from mild to severe."""
    listed = severities(record, quantity.probe, quantity.over or "")
    return lambda choice: (listed.index(choice) if choice in listed else len(listed), str(choice))


def severities(record: Record, probe: str, setting: str) -> list[Any]:
    """Return a probe's setting as the record holds it, in the probe's own order."""
    found = record.database.execute("select parameters from probes where name = ?", (probe,))
    parameters = json.loads((found.fetchone() or ("{}",))[0])
    value = parameters.get(setting, [])
    return value if isinstance(value, list) else [value]


def positions(record: Record) -> Mapping[str, Place]:
    """Return group and frame of every sample."""
    rows = record.database.execute("select name, grp, frame from samples").fetchall()
    sizes = Counter(group or name for name, group, _ in rows)
    return {
        name: Place(group=group or name, frame=frame or 0, movie=sizes[group or name] > 1)
        for name, group, frame in rows
    }


def without(
    record: Record, quantity: Quantity, whole: Sequence[Observation]
) -> tuple[set[str], set[str]]:
    """Return the images on which the model failed, and those that could not be read or asked."""
    digest = record.models().get("audited", "")
    # Without the score of the untouched image there is no drop either.
    probes = {quantity.probe, BASELINE} if "clean" in quantity.against else {quantity.probe}
    units = [u for probe in probes for u in record.units(probe) if u.model in (digest, "")]
    failed = {s for u in units if u.status in ("failed", "timeout") for s in u.samples}
    unread = {s for u in units if u.status == "unread" for s in u.samples}
    elsewhere = further(record)
    # An image of another dataset may be none that the model takes.
    unread |= {s for u in units if u.status == "skipped" for s in u.samples} - elsewhere
    if any(one.sample and one.sample not in elsewhere for one in whole):
        unread |= {one.name for one in refused(record) if one.part == "test"}
    return failed, unread - failed


def further(record: Record) -> set[str]:
    """Return the names of the samples that are no test images."""
    rows = record.database.execute("select name from samples where part != 'test'")
    return {name for (name,) in rows}


def located(
    name: str, number: int, places: Mapping[str, Place], whole: Sequence[Observation]
) -> Place:
    """Return group and frame of an image without a value; those of a refused one are unknown.

    Where all others are frames of one movie it is taken for the movie's next frame: as a group of
    its own it would count as independent, and narrow the interval. Elsewhere it is one more group,
    for which the worst and the best value are imputed.
    """
    if name in places:
        return places[name]
    seen = [places[one.sample] for one in whole if one.sample in places]
    if len({place.group for place in seen}) == 1 and seen[0].movie:
        last = max(place.frame for place in seen)
        return Place(group=seen[0].group, frame=last + 1 + number, movie=True)
    return Place(group=name, frame=0)
