"""Small objects and large ones: which are found."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audit.probing.case import Case

NONE_HERE = "no object of this size in this image"
TENTHS = 10


@dataclass(frozen=True, kw_only=True)
class Sizes(Probe):
    """Mean recall of the objects of each tenth by size, tenths found over all images together.

    Decile 1 holds the smallest tenth. Each object counts as one, whatever its area. The largest
    diameter of each tenth stands beside it.
    """

    name: ClassVar[str] = "imbalance.sizes"
    asks: ClassVar[str] = "Are small objects missed?"
    source: ClassVar[str] = "doi:10.1038/nmeth.4473"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True)
    scope: ClassVar = "audit"
    after: ClassVar[tuple[str, ...]] = ("imbalance.objects",)

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield each image's recall in each tenth, and where the tenths end."""
        sizes, recalls = self.read(case)
        ends = deciles(list(sizes.values()))
        for tenth in range(1, TENTHS + 1):
            yield ending(ends, tenth)
        seen: dict[tuple[str, int], list[float]] = defaultdict(list)
        for (sample, number), size in sizes.items():
            tenth = 1 + min(bisect_left(ends, size), TENTHS - 1)
            seen[sample, tenth].append(recalls[sample, number])
        for look in case.looks():
            for tenth in range(1, TENTHS + 1) if look.sample.mask is not None else ():
                found = seen.get((look.sample.id, tenth), [])
                mean = float(np.mean(found)) if found else None
                yield look.row(
                    "object_recall", mean, weight=len(found), why=NONE_HERE, decile=tenth
                )

    def read(
        self, case: Case
    ) -> tuple[Mapping[tuple[str, int], float], Mapping[tuple[str, int], float]]:
        """Return diameter and recall of every object, by its image and number."""
        found: dict[str, dict[tuple[str, int], float]] = {"diameter_px": {}, "object_recall": {}}
        for row in case.rows("imbalance.objects"):
            assert row.sample is not None
            assert row.value is not None
            found[row.metric][row.sample, int(row.at["object"])] = row.value
        return found["diameter_px"], found["object_recall"]


def ending(ends: Sequence[float], tenth: int) -> Measurement:
    """Return the largest diameter in a tenth of all objects."""
    at = {"decile": tenth}
    if not ends:
        return Measurement("decile_diameter_px", None, None, at, 0.0, "there is no object")
    return Measurement("decile_diameter_px", ends[tenth - 1], None, at)


def deciles(sizes: Sequence[float]) -> list[float]:
    """Return the largest size in each tenth of the objects, by rank.

    >>> deciles([5.0, 1.0, 2.0, 3.0, 4.0])
    [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0]
    """
    ranked, count = sorted(sizes), len(sizes)
    last = [-(-count * tenth // TENTHS) - 1 for tenth in range(1, TENTHS + 1)]
    return [ranked[place] for place in last] if ranked else []
