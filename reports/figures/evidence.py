"""What the record says of one probe, arranged for figures and tables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.quantities.table import Place
from audit.role import AUDITED, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audit.measurement import Measurement, Scalar
    from audit.policy.rule import Rule
    from audit.record.record import Record
    from reports.vocabulary import Vocabulary

BASELINE = "pipeline.score"
"""The probe whose rows are the untouched images' scores."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A probe as the record keeps it."""

    name: str
    asks: str
    source: str
    parameters: Mapping[str, Any]

    @property
    def suite(self) -> str:
        """The suite that the probe belongs to."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The rows of one axis of severity: `axis` varies, `fixed` does not; no axis, one condition.

    `levels` run from mild to severe, as the probe lists them.
    """

    axis: str | None
    fixed: Mapping[str, Scalar]
    levels: tuple[Scalar, ...]

    def holds(self, at: Mapping[str, Any]) -> bool:
        """Return whether a condition lies on this axis."""
        rest = {key: value for key, value in at.items() if key != self.axis}
        return rest == self.fixed and (self.axis is None) == (self.axis not in at)


def questions(record: Record) -> list[Question]:
    """Return every probe of a record, by name."""
    rows = record.database.execute(
        "select name, asks, source, parameters from probes order by name"
    )
    return [
        Question(name=name, asks=asks or "", source=source or "", parameters=parsed(parameters))
        for name, asks, source, parameters in rows
    ]


def parsed(parameters: str | None) -> dict[str, Any]:
    """Return a probe's settings; none where the text is not a JSON object."""
    try:
        found = json.loads(parameters or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def places(record: Record) -> dict[str, Place]:
    """Return group and frame of every sample."""
    rows = record.database.execute("select name, grp, frame from samples")
    return {name: Place(group=group or name, frame=frame or 0) for name, group, frame in rows}


def roles(record: Record) -> dict[Role, str]:
    """Return the digests of the audited model and of the references, in this order."""
    found = record.roles()
    names = [AUDITED, *(role for role in found if role.kind == "reference")]
    return {role: found[role] for role in names if role in found}


def main_metric(
    rows: Iterable[tuple[str, bool]], rules: Sequence[Rule], score: str = "iou"
) -> str | None:
    """Return the metric to draw: the rules' own, else the score, else the first; None if no rows.

    `rows` are pairs of a metric and whether it belongs to images, in the probe's order: a
    probe yields its main metric first. Metrics of images go before those of objects.
    """
    found = dict.fromkeys(metric for metric, _ in sorted(rows, key=lambda one: not one[1]))
    # A rule that presupposes another (`given`) is about the finding; the other is its control.
    ordered = sorted(rules, key=lambda rule: not rule.given)
    wanted = [rule.metric for rule in ordered if rule.metric in found]
    return next(iter(wanted), score if score in found else next(iter(found), None))


def metrics(record: Record, probe: str, digest: str) -> list[tuple[str, bool]]:
    """Return the metrics of a probe and whether they belong to images, as they were first kept."""
    query = (
        "select t.metric, r.sample > 0 from rows r join units u on u.id = r.unit "
        "join terms t on t.id = r.term where u.probe = ? and u.model in (?, '') "
        "group by 1, 2 order by min(t.id)"
    )
    return [(name, bool(own)) for name, own in record.database.execute(query, (probe, digest))]


def panels(
    rows: Sequence[Measurement], parameters: Mapping[str, Any], words: Vocabulary
) -> list[Panel]:
    """Return the axes of severity along which rows lie, in the order of the probe's settings.

    The axis of a condition is its setting that the probe lists several levels of; else the number
    that varies most. Whatever else a condition says tells panels apart.
    """
    grouped: dict[tuple[str, ...], list[Mapping[str, Scalar]]] = {}
    for row in rows:
        found = grouped.setdefault(tuple(row.at), [])
        if row.at not in found:
            found.append(row.at)
    made = [one for keys, ats in grouped.items() for one in split(keys, ats, parameters, words)]
    listed = list(parameters)
    rank = {name: index for index, name in enumerate(listed)}
    return sorted(made, key=lambda one: (rank.get(one.axis or "", len(rank)), str(one.fixed)))


def split(
    keys: tuple[str, ...],
    ats: Sequence[Mapping[str, Scalar]],
    parameters: Mapping[str, Any],
    words: Vocabulary,
) -> list[Panel]:
    """Return one panel for each value of what is not the axis."""
    axis = axis_of([key for key in keys if key not in words.identities()], ats, parameters)
    found: dict[str, list[Mapping[str, Scalar]]] = {}
    for at in ats:
        rest = {key: value for key, value in at.items() if key != axis}
        found.setdefault(json.dumps(rest, sort_keys=True), []).append(at)
    return [
        Panel(
            axis=axis,
            fixed={key: value for key, value in same[0].items() if key != axis},
            levels=ordered([at[axis] for at in same], parameters.get(axis)) if axis else (),
        )
        for same in found.values()
    ]


def axis_of(
    keys: Sequence[str], ats: Sequence[Mapping[str, Scalar]], parameters: Mapping[str, Any]
) -> str | None:
    """Return which of some conditions is an axis; None where none of them varies or counts."""
    values = {key: {at[key] for at in ats} for key in keys}
    numeric = [key for key in keys if all(counted(value) for value in values[key])]
    designed = [key for key in numeric if isinstance(parameters.get(key), list)]
    pool = designed or [key for key in numeric if len(values[key]) > 1]
    return max(pool, key=lambda key: len(values[key]), default=None)


def counted(value: Scalar) -> bool:
    """Return whether a condition is a number, which yes and no are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def ordered(levels: Sequence[Scalar], designed: Any) -> tuple[Scalar, ...]:
    """Return levels in the order in which the probe lists them, else by size."""
    listed = list(designed) if isinstance(designed, list) else []
    rank = {value: index for index, value in enumerate(listed)}
    return tuple(
        sorted(
            dict.fromkeys(levels),
            key=lambda one: (rank.get(one, len(rank)), one if not isinstance(one, str) else 0),
        )
    )
