"""What a benchmark compares networks by: a handful of named quantities a suite."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from audit.quantities.quantity import Quantity, Statistic
from audit.role import AUDITED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.measurement import Scalar
    from audit.metric import Metric
    from audit.record.record import Record

RAREST = "rarest"
"""In place of a class's number: the foreground class of the fewest true pixels."""

CLASSES = "imbalance.classes"
TENTH = 0.1
"""The loss of IoU that breaking points are about."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One number of a network, and how it is read from the record of its audit.

    `head` names it in a table, `what` in a sentence. `small` is a difference that nobody minds, in
    its own unit; None for a breaking point, whose differences are factors, and for a constant of
    the network, which has no error. `most` is the highest value where the metric itself could be
    higher. The other fields are those of a quantity.
    """

    name: str
    head: str
    what: str
    probe: str
    metric: str
    better: Literal["higher", "lower", ""] = "higher"
    statistic: Statistic = "mean"
    at: Mapping[str, Scalar] = field(default_factory=dict)
    over: str | None = None
    each: tuple[str, ...] = ()
    lost: bool = False
    small: float | None = 0.02
    unit: str = ""
    most: float = math.inf

    @property
    def suite(self) -> str:
        """The suite that measures it."""
        return self.probe.partition(".")[0]

    @property
    def breaks(self) -> bool:
        """Whether it is a level at which a score breaks: its differences are factors."""
        return self.statistic == "breaking_point"

    def ends(self, metric: Metric | None) -> tuple[float, float]:
        """Return the least and the most that its value can be, which Student's t does not know."""
        if self.statistic == "rate":
            return 0.0, math.inf
        if metric is None or self.breaks:
            return -math.inf, math.inf
        if self.lost:
            return -metric.span, metric.span
        return metric.low, min(metric.high, self.most)

    def quantity(self, record: Record) -> Quantity | None:
        """Return how it is read from a record.

        None where it is about the rarest of several classes, and there are not several.
        """
        at: dict[str, Any] = dict(self.at)
        if at.get("class") == RAREST:
            at["class"] = rarest(record)
            if at["class"] is None:
                return None
        return Quantity(
            probe=self.probe,
            metric=self.metric,
            at=at,
            statistic=self.statistic,
            over=self.over,
            each=self.each,
            against=("clean",) if self.lost else (),
            tolerance=TENTH if self.breaks else None,
        )


def rarest(record: Record) -> int | None:
    """Return the foreground class of the fewest true pixels; None where there are not two."""
    pixels: dict[int, float] = {}
    for row in record.measurements(CLASSES, record.roles().get(AUDITED, ""), "class_recall"):
        number = int(row.at["class"])
        if number > 0:
            pixels[number] = pixels.get(number, 0.0) + row.weight
    there = {number: many for number, many in pixels.items() if many > 0}
    return min(there, key=lambda number: (there[number], number)) if len(there) > 1 else None


QUANTITIES = (
    Column(name="iou", head="IoU", what="IoU", probe="pipeline.score", metric="iou"),
    Column(
        name="calibration",
        head="calibration error",
        what="calibration error near objects",
        probe="pipeline.calibration",
        metric="calibration_error",
        at={"where": "near"},
        better="lower",
    ),
    Column(
        name="noise",
        head="lost at 30 photons",
        what="IoU lost at 30 photons",
        probe="shift.noise",
        metric="iou",
        at={"photons": 30.0},
        lost=True,
        better="lower",
    ),
    Column(
        name="noise_break",
        head="breaks in noise",
        what="the light at which a tenth of IoU is lost",
        probe="shift.noise",
        metric="iou",
        statistic="breaking_point",
        over="photons",
        lost=True,
        better="lower",
        small=None,
        unit="photons",
    ),
    Column(
        name="blur",
        head="lost out of focus",
        what="IoU lost under a blur of 2 µm",
        probe="shift.defocus",
        metric="iou",
        at={"sigma_um": 2.0},
        lost=True,
        better="lower",
    ),
    Column(
        name="blur_break",
        head="breaks out of focus",
        what="the blur at which a tenth of IoU is lost",
        probe="shift.defocus",
        metric="iou",
        statistic="breaking_point",
        over="sigma_um",
        lost=True,
        small=None,
        unit="µm",
    ),
    Column(
        name="gamma",
        head="lost at gamma 0.5",
        what="IoU lost under a gamma of 0.5",
        probe="shift.intensity",
        metric="iou",
        at={"gamma": 0.5},
        lost=True,
        better="lower",
    ),
    Column(
        name="coarse",
        head="lost on coarse pixels",
        what="IoU lost on pixels twice as large",
        probe="resolution.scale",
        metric="iou",
        at={"factor": 0.5},
        lost=True,
        better="lower",
    ),
    Column(
        name="reach",
        head="sees",
        what="how far the network sees",
        probe="receptive_field.reach",
        metric="reach_px",
        statistic="census",
        better="",
        small=None,
        unit="px",
    ),
    Column(
        name="large",
        head="largest objects found",
        what="recall of the largest tenth of objects",
        probe="imbalance.sizes",
        metric="object_recall",
        at={"decile": 10},
        statistic="pooled",
    ),
    Column(
        name="small",
        head="smallest objects found",
        what="recall of the smallest tenth of objects",
        probe="imbalance.sizes",
        metric="object_recall",
        at={"decile": 1},
        statistic="pooled",
    ),
    Column(
        name="minority",
        head="rarest class found",
        what="recall of the rarest class",
        probe=CLASSES,
        metric="class_recall",
        at={"class": RAREST},
        statistic="pooled",
    ),
    Column(
        name="minority_iou",
        head="rarest class, IoU",
        what="IoU of the rarest class",
        probe=CLASSES,
        metric="class_iou",
        at={"class": RAREST},
        statistic="pooled",
    ),
    Column(
        name="attack",
        head="kept under attack",
        what="share of IoU kept under an attack of half the noise",
        probe="adversarial.gradient",
        metric="retention",
        at={"noise_ratio": 0.5},
        small=0.05,
        # An attack has seen the untouched image, so nothing is gained.
        most=1.0,
    ),
    Column(
        name="false",
        head="false objects",
        what="number of false objects for each true one",
        probe="hallucination.border",
        metric="false_per_true",
        statistic="rate",
        better="lower",
        small=0.05,
    ),
    Column(
        name="void",
        head="drawn in background",
        what="foreground drawn in background that is shown alone",
        probe="hallucination.void",
        metric="excess_fraction",
        at={"side_px": 64},
        each=("crop",),
        better="lower",
        small=0.05,
    ),
)
"""In the order of the table."""


def quantity(name: str) -> Column:
    """Return a quantity by name."""
    return next(one for one in QUANTITIES if one.name == name)
