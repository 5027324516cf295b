"""Two records side by side: the same question of the same image, before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.errors import RecordError
from audit.quantities.evidence import positions
from audit.statistics.estimate import Estimate, estimate
from audit.statistics.multiplicity import holm_levels

if TYPE_CHECKING:
    from audit.record.record import Record

Key = tuple[str, str]
"""A probe and a condition."""

Image = tuple[str, str]
"""The id of a sample and the digest of its pixels and truth."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """The mean paired difference of one condition, after minus before."""

    probe: str
    condition: str
    estimate: Estimate
    level: float
    margin: float

    @property
    def change(self) -> float:
        """The mean difference over the images that both records have."""
        return self.estimate.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval at a level that accounts for all comparisons."""
        return self.estimate.interval(self.level)

    @property
    def span(self) -> str:
        """The interval in brackets."""
        return "-" if self.interval is None else "[{:+.3f}, {:+.3f}]".format(*self.interval)

    @property
    def worse(self) -> bool:
        """Whether more than the margin was lost for sure."""
        return self.interval is not None and self.interval[1] < -self.margin

    @property
    def word(self) -> str:
        """What the interval says, in a word."""
        if self.interval is None:
            return "too few images"
        if self.worse:
            return "WORSE"
        low, high = self.interval
        if low > 0 or high < 0:
            return "better" if low > 0 else "lower"
        return "same" if -self.margin < low and high < self.margin else "undecided"


def compare(before: Record, after: Record, metric: str, margin: float) -> list[Change]:
    """Return the changes in every condition that both records hold for the same images.

    Raises RecordError where they share nothing: other images, probes or settings.
    """
    old, new = cells(before, metric), cells(after, metric)
    places = positions(after)
    estimates: dict[Key, Estimate] = {}
    for key in sorted(old.keys() & new.keys()):
        shared = sorted(old[key].keys() & new[key].keys())
        if shared:
            estimates[key] = estimate(
                [new[key][image] - old[key][image] for image in shared],
                [places[name].group for name, _ in shared],
            )
    if not estimates:
        raise RecordError(
            f"{before.path} and {after.path} share no {metric} of the same images under the same "
            "probe settings; audit both on the same data"
        )
    doubts = [one.doubt(-margin) for one in estimates.values()]
    return [
        Change(probe=key[0], condition=spoken(key[1]), estimate=one, level=1 - alpha, margin=margin)
        for (key, one), alpha in zip(estimates.items(), holm_levels(doubts), strict=True)
    ]


def spoken(at: str) -> str:
    """Return a condition as a person reads it.

    >>> spoken('{"percent": 20.0, "shape": "tilt"}'), spoken("{}")
    ('percent 20.0, shape tilt', 'untouched')
    """
    return ", ".join(f"{key} {value}" for key, value in json.loads(at).items()) or "untouched"


def cells(record: Record, metric: str) -> dict[Key, dict[Image, float]]:
    """Return the audited model's values by probe and condition, then by image.

    An image is known by its id and its digest: pixels that changed are another image.
    """
    rows = record.database.execute(
        "select m.probe, m.at, m.sample, s.digest, m.value from measurements m "
        "join samples s on s.name = m.sample "
        "where m.metric = ? and m.value is not null and m.model = "
        "(select digest from models where role = 'audited')",
        (metric,),
    )
    found: dict[Key, dict[Image, float]] = {}
    for probe, at, sample, digest, value in rows:
        found.setdefault((probe, at), {})[sample, digest] = value
    return found
