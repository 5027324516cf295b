"""From the rows of a record to the numbers that a rule is about: one an image, paired."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.measurement import Measurement, Scalar
    from audit.policy.rule import Rule
    from audit.record import Record

BASELINE = "pipeline.score"
"""The probe whose rows are the untouched images' scores."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a sample stands in the experiment; `movie` where its group has more of them."""

    group: str
    frame: int
    movie: bool = False


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Values (observations, choices) and weights, in one order; one choice where none is sought.

    An observation is an image, or one of several things seen in it (objects, draws): `samples`
    then repeats. `beside` holds each observation's second metric. `failed` are the images on which
    the model failed; `unread` counts those that could not be read. `unit` is what is observed.
    `remarks` are what the probe says of the values in its own words.
    """

    samples: tuple[str, ...]
    groups: tuple[str, ...]
    frames: tuple[int, ...]
    choices: tuple[Scalar | None, ...]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    beside: NDArray[np.float64]
    failed: tuple[Place, ...] = ()
    unread: int = 0
    unit: str = "image"
    remarks: tuple[str, ...] = ()


def gather(record: Record, rule: Rule) -> Evidence | str:
    """Return the evidence for a rule, or why there is none."""
    models = record.models()
    if "reference" in rule.against and not roles(models, "reference"):
        known = record.provenance().get("stored_reference")
        return UNPAIRED if known else "no reference network was given"
    mine = table(record, rule, models.get("audited", ""))
    if isinstance(mine, str):
        asked = "audited" in models or bool(record.units(rule.probe))
        return mine if asked else "no model was audited"
    for kind, name in RIVALS.items():
        if kind in rule.against:
            rivals = [table(record, rule, models[role]) for role in roles(models, kind)]
            tables = [rival for rival in rivals if not isinstance(rival, str)]
            if not tables:
                return f"the {name} has no such measurement"
            mine = relative(mine, [max(tables, key=average)] if kind == "naive" else tables)
    second = company(record, rule)
    return second if isinstance(second, str) else arranged(record, rule, mine, second)


UNPAIRED = "the stored reference networks measured other images, or with other settings"


def roles(models: Mapping[str, str], kind: str) -> list[str]:
    """Return the roles of one kind, the part before the colon."""
    return sorted(role for role in models if role.split(":")[0] == kind)


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


RIVALS = {"reference": "reference network", "naive": "best naive predictor"}
"""Other models that a rule may subtract, and what they are called."""

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


def relative(mine: Table, references: Sequence[Table]) -> Table:
    """Return the difference from the mean of the reference networks, on the same images."""
    return {
        key: (value - float(np.mean([other[key][0] for other in references])), weight)
        for key, (value, weight) in mine.items()
        if all(key in other for other in references)
    }


def arranged(record: Record, rule: Rule, values: Table, second: Table) -> Evidence | str:
    """Return values as arrays of the observations that have every choice."""
    choices = tuple(sorted({choice for _, choice in values}, key=order(record, rule)))
    seen = sorted({observation for observation, _ in values})
    places = positions(record)
    bad, unread = refused(record, rule, places)
    if rule.statistic == "permutation":
        # Groups of different images are compared: none has more than its own choice.
        whole = seen
    else:
        whole = [one for one in seen if all((one, choice) in values for choice in choices)]
    if not whole:
        return f"no image has {rule.metric} at every {rule.over}"
    cells = [[values.get((one, choice), ABSENT) for choice in choices] for one in whole]
    lone = Place(group="", frame=0)
    return Evidence(
        samples=tuple(one.sample or one.of for one in whole),
        groups=tuple(one.cluster(places, rule) for one in whole),
        frames=tuple(places.get(one.sample, lone).frame for one in whole),
        choices=choices,
        values=np.array([[value for value, _ in row] for row in cells]),
        weights=np.array([[weight for _, weight in row] for row in cells]),
        beside=np.array([second.get((one, None), ABSENT)[0] for one in whole]),
        failed=bad,
        unread=unread,
        unit="image" if any(one.sample for one in whole) else "measurement",
        remarks=remarked(record, rule) if rule.statistic == "census" else (),
    )


def remarked(record: Record, rule: Rule) -> tuple[str, ...]:
    """Return what the probe remarked on the rows of a rule."""
    said = [one for one in record.remarks(rule.probe, rule.metric) if fits(one[0], rule)]
    if len(said) == 1:
        return (said[0][1],)
    # What is observed is named where there are several.
    of = [", ".join(str(at[key]) for key in rule.each) for at, _ in said]
    return tuple(f"{name}: {text}" for name, (_, text) in zip(of, said, strict=True))


ABSENT = (float("nan"), 0.0)
"""In the place of a value at a choice that is not this observation's."""


def company(record: Record, rule: Rule) -> Table | str:
    """Return the second metric of a correlation; nothing where the rule has none."""
    if rule.beside is None:
        return {}
    plain = {"metric": rule.beside, "against": (), "statistic": "mean", "beside": None}
    return table(record, rule.model_copy(update=plain), record.models().get("audited", ""))


def order(record: Record, rule: Rule) -> Any:
    """Return the sort key of choices: as the probe lists them, from mild to severe."""
    listed = severities(record, rule.probe, rule.over or "")
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


def refused(
    record: Record, rule: Rule, places: Mapping[str, Place]
) -> tuple[tuple[Place, ...], int]:
    """Return the images on which the model failed, and how many could not be read."""
    digest = record.models().get("audited", "")
    # Without the score of the untouched image there is no drop either.
    probes = {rule.probe, BASELINE} if "clean" in rule.against else {rule.probe}
    units = [unit for probe in probes for unit in record.units(probe) if unit.model == digest]
    failed = {s for u in units if u.status in ("failed", "timeout") for s in u.samples}
    unread = {s for u in units if u.status == "skipped" for s in u.samples}
    here = [places.get(name, Place(group=name, frame=0)) for name in sorted(failed)]
    return tuple(here), len(unread)
