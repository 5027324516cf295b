"""The correlation from which a pair counts, from images of different movies: no copies."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from audit.datasets.sample import thinned
from audit.measurement import Measurement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from suites.leakage.gallery import Gallery
    from suites.leakage.pair import Pair

ASKED = 64
"""Images of each part for which the most similar one of another movie is sought."""

DEVIATIONS = 6.0
"""Median absolute deviations above the median: robust where the part itself holds duplicates."""

HIGHEST = 0.95
"""No threshold is above this, however alike the movies are."""

UNKNOWN = "neither part holds two movies, so how alike strangers are is unknown"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The correlation from which two images are called the same, and where it comes from."""

    correlation: float
    strangers: tuple[float, ...]

    def rows(self) -> Iterator[Measurement]:
        """Yield the limit, and how often strangers exceed it."""
        yield Measurement("limit_correlation", self.correlation)
        if not self.strangers:
            yield Measurement("false_pair_fraction", None, None, {}, 0.0, UNKNOWN)
            return
        count = len(self.strangers)
        false = sum(one >= self.correlation for one in self.strangers) / count
        yield Measurement("false_pair_fraction", false, None, {}, float(count))


def limit(
    floor: float, parts: Sequence[Gallery], nearest: Callable[[Gallery, Gallery], list[Pair]]
) -> Limit:
    """Return the limit: `floor`, or more where images of other movies are alike.

    Two movies of one part were not split from each other, so a pair of them is no leak. `nearest`
    pairs each image of one gallery with the most similar one of another.
    """
    found = [one for part in parts for one in strangers(part, nearest)]
    if not found:
        return Limit(correlation=floor, strangers=())
    middle = median(found)
    spread = median(abs(one - middle) for one in found)
    raised = min(HIGHEST, middle + DEVIATIONS * spread)
    return Limit(correlation=max(floor, raised), strangers=tuple(found))


def strangers(part: Gallery, nearest: Callable[[Gallery, Gallery], list[Pair]]) -> list[float]:
    """Return how alike images of a part are to the most similar one of another movie in it."""
    groups: dict[str, list[int]] = {}
    for place, sample in enumerate(part.samples):
        groups.setdefault(sample.group or sample.id, []).append(place)
    if len(groups) == 1:
        return []
    asked = thinned(list(groups.values()), 1, ASKED)
    found: list[float] = []
    for mine in asked:
        others = [place for places in groups.values() if places is not mine for place in places]
        some = thinned(mine, 1, max(1, ASKED // len(asked)))
        found += [one.correlation for one in nearest(part.only(some), part.only(others))]
    return found
