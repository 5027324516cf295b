"""One quantity of one network, image by image, so that networks can be set beside one another."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.quantities.absence import Absent
from audit.quantities.evidence import gather

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.measurement import Scalar
    from audit.record.record import Record
    from reports.benchmark.column import Column

WEIGHTED = ("pooled", "rate")
"""Statistics that are a ratio of sums over images; all others count every observation once."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Values and weights (images, choices) of one quantity, one row an image.

    An image is known by its id and its digest. The choices are the levels of a breaking point, from
    mild to severe, else there is one. What holds of the network as a whole stands in a single row
    of no image. `ends` are the least and the most that the quantity can be.
    """

    images: tuple[str, ...]
    groups: tuple[str, ...]
    choices: tuple[Scalar | None, ...]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    ends: tuple[float, float] = (-math.inf, math.inf)


def see(record: Record, wanted: Column) -> Seen | str:
    """Return a quantity of the network that a record is about, or why it has none."""
    asked = wanted.quantity(record)
    if asked is None:
        return "there is one kind of object only"
    found = gather(record, asked)
    if isinstance(found, Absent):
        return found.reason
    names, first, row = np.unique(np.array(found.samples), return_index=True, return_inverse=True)
    weights = found.weights if wanted.statistic in WEIGHTED else np.ones_like(found.weights)
    digests = dict(record.database.execute("select name, digest from samples"))
    sums, shares = (added(many, row, len(names)) for many in (found.values * weights, weights))
    return Seen(
        images=tuple(f"{name} {digests.get(name, '')}" for name in names.tolist()),
        groups=tuple(found.groups[number] for number in first),
        choices=found.choices,
        values=np.divide(sums, shares, out=np.zeros_like(sums), where=shares > 0),
        weights=shares,
        ends=wanted.ends(record.metrics().get(wanted.metric)),
    )


def added(many: NDArray[np.float64], row: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    """Return the sums (images, choices) of what was observed (observations, choices)."""
    sums = np.zeros((count, many.shape[1]))
    np.add.at(sums, row, many)
    return sums


def shared(many: Sequence[Seen]) -> list[Seen]:
    """Return what was seen on the images that all have, in one order."""
    common = sorted(set.intersection(*(set(one.images) for one in many)))
    return [chosen(one, [one.images.index(name) for name in common]) for one in many]


def chosen(one: Seen, rows: Sequence[int]) -> Seen:
    """Return what was seen on some images, by their numbers."""
    numbers = list(rows)
    return replace(
        one,
        images=tuple(one.images[number] for number in numbers),
        groups=tuple(one.groups[number] for number in numbers),
        values=one.values[numbers],
        weights=one.weights[numbers],
    )
