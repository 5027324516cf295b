"""What a benchmark compares networks by: a handful of named quantities a suite."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.quantities.absence import Absence, Absent
from audit.quantities.quantity import Quantity
from audit.quantities.seen import Seen, see
from audit.role import AUDITED

if TYPE_CHECKING:
    from audit.record.record import Record

RAREST = "rarest"
"""In place of a class's number: the foreground class of the fewest true pixels."""

CLASSES = "imbalance.classes"
TENTH = 0.1
"""The loss of IoU that counts as breaking."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One number of a network, and what is asked of the record of its audit.

    `head` names it in a table, `what` in a sentence. `small` is a difference too small to
    matter, in its own unit; None for a breaking point, whose differences are factors, and for a
    constant of the network, which has no error. `most` caps a metric that could be higher.
    """

    name: str
    head: str
    what: str
    asks: Quantity
    small: float | None = 0.02
    unit: str = ""
    most: float = math.inf

    @property
    def breaks(self) -> bool:
        """Whether it is a level at which a score breaks: its differences are factors."""
        return self.asks.statistic == "breaking_point"

    def seen(self, record: Record) -> Seen | Absent:
        """Return what the network of a record shows of it, or why it has none."""
        asks = self.asks
        if asks.at.get("class") == RAREST:
            number = rarest(record)
            if number is None:
                why = "there is one kind of object only"
                return Absent(Absence.NOT_APPLICABLE, why)
            asks = asks.model_copy(update={"at": asks.at | {"class": number}})
        found = see(record, asks)
        return found if isinstance(found, Absent) else bounded(found, self.most)


def bounded(seen: Seen, most: float) -> Seen:
    """Return what was seen with the highest possible value lowered to `most`."""
    evidence = replace(seen.evidence, high=min(seen.evidence.high, most))
    return replace(seen, evidence=evidence)


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
    Column(name="iou", head="IoU", what="IoU", asks=Quantity(probe="pipeline.score", metric="iou")),
    Column(
        name="calibration",
        head="calibration error",
        what="calibration error near objects",
        asks=Quantity(
            probe="pipeline.calibration", metric="calibration_error", at={"where": "near"}
        ),
    ),
    Column(
        name="noise",
        head="lost at 30 photons",
        what="IoU lost at 30 photons",
        asks=Quantity(probe="shift.noise", metric="iou", at={"photons": 30.0}, against=("clean",)),
    ),
    Column(
        name="noise_break",
        head="breaks in noise",
        what="the light at which a tenth of IoU is lost",
        asks=Quantity(
            probe="shift.noise",
            metric="iou",
            statistic="breaking_point",
            over="photons",
            against=("clean",),
            tolerance=TENTH,
        ),
        small=None,
        unit="photons",
    ),
    Column(
        name="blur",
        head="lost out of focus",
        what="IoU lost under a blur of 2 µm",
        asks=Quantity(
            probe="shift.defocus", metric="iou", at={"sigma_um": 2.0}, against=("clean",)
        ),
    ),
    Column(
        name="blur_break",
        head="breaks out of focus",
        what="the blur at which a tenth of IoU is lost",
        asks=Quantity(
            probe="shift.defocus",
            metric="iou",
            statistic="breaking_point",
            over="sigma_um",
            against=("clean",),
            tolerance=TENTH,
        ),
        small=None,
        unit="µm",
    ),
    Column(
        name="gamma",
        head="lost at gamma 0.5",
        what="IoU lost under a gamma of 0.5",
        asks=Quantity(probe="shift.intensity", metric="iou", at={"gamma": 0.5}, against=("clean",)),
    ),
    Column(
        name="coarse",
        head="lost on coarse pixels",
        what="IoU lost on pixels twice as large",
        asks=Quantity(
            probe="resolution.scale", metric="iou", at={"factor": 0.5}, against=("clean",)
        ),
    ),
    Column(
        name="reach",
        head="sees",
        what="how far the network sees",
        asks=Quantity(probe="receptive_field.reach", metric="reach_px", statistic="census"),
        small=None,
        unit="px",
    ),
    Column(
        name="large",
        head="largest objects found",
        what="recall of the largest tenth of objects",
        asks=Quantity(
            probe="imbalance.sizes", metric="object_recall", at={"decile": 10}, statistic="pooled"
        ),
    ),
    Column(
        name="small",
        head="smallest objects found",
        what="recall of the smallest tenth of objects",
        asks=Quantity(
            probe="imbalance.sizes", metric="object_recall", at={"decile": 1}, statistic="pooled"
        ),
    ),
    Column(
        name="minority",
        head="rarest class found",
        what="recall of the rarest class",
        asks=Quantity(
            probe=CLASSES, metric="class_recall", at={"class": RAREST}, statistic="pooled"
        ),
    ),
    Column(
        name="minority_iou",
        head="rarest class, IoU",
        what="IoU of the rarest class",
        asks=Quantity(probe=CLASSES, metric="class_iou", at={"class": RAREST}, statistic="pooled"),
    ),
    Column(
        name="attack",
        head="kept under attack",
        what="share of IoU kept under an attack of half the noise",
        asks=Quantity(probe="adversarial.gradient", metric="retention", at={"noise_ratio": 0.5}),
        small=0.05,
        # The attack also tries the untouched image, so that it cannot raise the score.
        most=1.0,
    ),
    Column(
        name="false",
        head="false objects",
        what="number of false objects for each true one",
        asks=Quantity(probe="hallucination.border", metric="false_per_true", statistic="rate"),
        small=0.05,
    ),
    Column(
        name="void",
        head="drawn in background",
        what="foreground drawn in background that is shown alone",
        asks=Quantity(
            probe="hallucination.void", metric="excess_fraction", at={"side_px": 64}, each=("crop",)
        ),
        small=0.05,
    ),
)
"""In the order of the table."""


def quantity(name: str) -> Column:
    """Return a quantity by name."""
    return next(one for one in QUANTITIES if one.name == name)
