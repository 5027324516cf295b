"""Two records side by side: the same question of the same image, before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.errors import RecordError
from audit.quantities.absence import Absent
from audit.quantities.contrast import Contrast, held_to
from audit.quantities.networks import difference
from audit.quantities.quantity import Quantity
from audit.quantities.score import SCORE
from audit.quantities.seen import see
from audit.role import AUDITED
from audit.statistics.estimate import USUAL

if TYPE_CHECKING:
    from audit.metric import Better
    from audit.quantities.answer import Answer
    from audit.record.record import Record
    from audit.statistics.estimate import Scope


@dataclass(frozen=True, kw_only=True)
class Change(Contrast):
    """The mean paired difference of one condition, after minus before."""

    asked: Quantity

    @property
    def word(self) -> str:  # type: ignore[override]
        """What the interval says, in a word; a loss is one only beyond the margin."""
        if self.interval is None:
            return "too few images"
        if self.lost:
            return "WORSE"
        if self.sure:
            return (
                "better" if self.better and self.ahead else "lower" if self.value < 0 else "higher"
            )
        return "same" if self.negligible else "undecided"

    @property
    def decided(self) -> bool:
        """Whether the data say anything."""
        return self.word not in ("undecided", "too few images")


def compare(
    before: Record, after: Record, metric: str, margin: float, scope: Scope = USUAL
) -> list[Change]:
    """Return the changes in every condition that both records hold for the same images.

    Raises RecordError where they share nothing: other images, probes or settings. The metric
    "score" is what their task is known by.
    """
    metric = shared_metric(before, after) if metric == SCORE else metric
    found: list[tuple[Quantity, Better, Answer]] = []
    both = asked(before, metric)
    for key, one in asked(after, metric).items():
        new, old = (see(record, one) if key in both else None for record in (after, before))
        if new is None or old is None or isinstance(new, Absent) or isinstance(old, Absent):
            continue
        if (answer := difference([new], [old], scope)) is not None:
            found.append((one, new.better, answer))
    if not found:
        raise RecordError(
            f"{before.path} and {after.path} share no {metric} of the same images under the same "
            "probe settings; audit both on the same data"
        )
    losses = {"higher": (0.0, -margin), "lower": (0.0, margin), "": (0.0,)}
    held = held_to([answer for *_, answer in found], [losses[better] for _, better, _ in found])
    return [
        Change(asked=one, better=better, answer=answer, held_to=level, small=margin)
        for (one, better, answer), level in zip(found, held, strict=True)
    ]


def shared_metric(before: Record, after: Record) -> str:
    """Return the metric that the task of both is known by; RecordError where tasks differ."""
    if before.main_metric == after.main_metric:
        return before.main_metric
    raise RecordError(
        f"{before.path} was scored by {before.main_metric}, {after.path} by {after.main_metric}: "
        "say --task semantic or instance in both audits, or name a --metric that both have"
    )


def asked(record: Record, metric: str) -> dict[str, Quantity]:
    """Return the mean of a metric in every condition in which the audited model's images have it.

    What an image may hold hundreds of (objects, draws) is no condition, but averaged.
    """
    rows = record.database.execute(
        "select distinct probe, at from measurements where metric = ? and value is not null and "
        "sample is not null and model = ? order by probe, at",
        (metric, record.roles().get(AUDITED, "")),
    )
    many = {name for name, one in record.conditions().items() if one.many}
    found = {}
    for probe, text in rows:
        at = json.loads(text)
        each = tuple(sorted(many & at.keys()))
        here = {key: value for key, value in at.items() if key not in each}
        one = Quantity(probe=probe, metric=metric, at=here, each=each)
        found[one.model_dump_json()] = one
    return found


def spoken(asked: Quantity) -> str:
    """Return a condition as a person reads it.

    >>> spoken(Quantity(probe="a.b", metric="iou", at={"percent": 20.0, "shape": "tilt"}))
    'percent 20.0, shape tilt'
    >>> spoken(Quantity(probe="pipeline.score", metric="iou"))
    'untouched'
    """
    return ", ".join(f"{key} {value}" for key, value in asked.at.items()) or "untouched"
