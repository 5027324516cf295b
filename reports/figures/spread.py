"""How the values of one condition scatter: over time, over groups, or from worst to best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from audit.role import AUDITED
from reports.figures.mean import Mean, mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Measurement
    from audit.policy.rule import Rule
    from audit.quantities.table import Place
    from reports.figures.evidence import Panel
    from reports.figures.material import Material
    from reports.vocabulary import Vocabulary

MOST_GROUPS = 12
"""More groups than this are drawn from worst to best rather than side by side."""

UNSEEN = 0.02
"""What differs by less than this share of a figure's height is one dot."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One image: where it stands and what it scored."""

    sample: str
    group: str
    frame: int
    value: float


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The audited model's points and mean, in the order drawn; the references' by role."""

    metric: str
    words: Vocabulary
    kind: Literal["time", "groups", "sorted"]
    points: tuple[Point, ...]
    mean: Mean
    references: tuple[tuple[float | None, ...], ...]
    limits: tuple[float, ...]
    high_is_bad: bool = False

    @property
    def constant(self) -> bool:
        """Whether every image of every model has one value."""
        others = {value for other in self.references for value in other if value is not None}
        return len({point.value for point in self.points} | others) == 1

    @property
    def hidden(self) -> bool:
        """Whether the references lie behind the audited model's dots, too near to be seen."""
        mine = [point.value for point in self.points]
        pairs = [(a, b) for other in self.references for a, b in zip(mine, other, strict=True)]
        found = [(a, b) for a, b in pairs if b is not None]
        low, high = extent([*mine, *(b for _, b in found), *self.limits])
        return all(abs(a - b) <= UNSEEN * (high - low) for a, b in found)

    @property
    def worst(self) -> tuple[Point, ...]:
        """The three lowest points, or the highest where a rule bounds from above."""
        sign = -1 if self.high_is_bad else 1
        return tuple(sorted(self.points, key=lambda one: (sign * one.value, one.sample))[:3])


def extent(values: Sequence[float]) -> tuple[float, float]:
    """Return the scale that holds all values: 0 to 1 where all lie there, as scores do."""
    low, high = min(values), max(values)
    return (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)


def spread(material: Material, panel: Panel) -> Spread | None:
    """Return the scatter of one condition's values; None where no image has one."""
    mine = points(panel, material.mine, material.where)
    if not mine:
        return None
    kind = kind_of(mine)
    drawn = sorted(mine, key=ORDERS[kind])
    others = [values_of(panel, rows) for role, rows in material.rows.items() if role != AUDITED]
    found = mean({one.sample: one.value for one in mine}, material.where)
    assert found is not None
    bounds = {rule.bound for rule in material.rules if absolute(rule) and panel.holds(rule.at)}
    return Spread(
        metric=material.metric,
        words=material.words,
        kind=kind,
        points=tuple(drawn),
        mean=found,
        references=tuple(
            tuple(other.get(one.sample) for one in drawn) for other in others if other
        ),
        limits=tuple(sorted(bounds)),
        high_is_bad=any(rule.at_most is not None for rule in material.rules),
    )


ORDERS = {
    "time": lambda one: (one.frame, one.sample),
    "groups": lambda one: (one.group, one.frame, one.sample),
    "sorted": lambda one: (one.value, one.sample),
}


def absolute(rule: Rule) -> bool:
    """Return whether a rule bounds the values themselves."""
    return not rule.against and rule.statistic in ("mean", "pooled")


def values_of(panel: Panel, rows: Sequence[Measurement]) -> dict[str, float]:
    """Return the value of every image at one condition."""
    return {
        row.sample: row.value
        for row in rows
        if row.sample is not None and row.value is not None and panel.holds(row.at)
    }


def points(panel: Panel, rows: Sequence[Measurement], where: Mapping[str, Place]) -> list[Point]:
    """Return every image's value with its group and frame."""
    return [
        Point(
            sample=name,
            group=where[name].group if name in where else name,
            frame=where[name].frame if name in where else 0,
            value=value,
        )
        for name, value in values_of(panel, rows).items()
    ]


def kind_of(found: Sequence[Point]) -> Literal["time", "groups", "sorted"]:
    """Return how points are best laid out: one movie in time, few groups side by side."""
    groups = {one.group for one in found}
    if len(groups) == 1 and len({one.frame for one in found}) == len(found) > 1:
        return "time"
    few = len(groups) <= MOST_GROUPS and len(groups) < len(found)
    return "groups" if few and len(groups) > 1 else "sorted"
