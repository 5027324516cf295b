"""Test images whose neighbours in time were trained on, and how far apart frames must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.registration import turned
from audit.imaging.search import field_candidates
from audit.imaging.windows import windowed
from audit.measurement import Measurement
from audit.probing.probe import above_zero
from suites.leakage.lags import Lags
from suites.leakage.pair import Pair, findings, in_time
from suites.leakage.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.datasets.sample import Sample
    from audit.probing.case import Case
    from suites.leakage.gallery import Gallery

CANDIDATES = 4
"""Training images that are looked at for each test image."""

NO_FRAME = "no training image is a frame of the same movie"


@dataclass(frozen=True, kw_only=True)
class Neighbours(Search):
    """The highest windowed correlation of each test image with a training image.

    Each window may have moved, and most may have changed: frames of one movie, z-slices and fields
    that overlap are found where a registration of the whole field finds nothing. Called neighbours
    from `least_correlation`, or more where other movies of one part are alike. `lag_correlation`
    is how alike frames of one movie are, `lag_frames` apart, and `gap_frames` the first lag at
    which they are no more alike than that; `moving` content is without the movie's mean image.
    """

    name: ClassVar[str] = "leakage.neighbours"
    asks: ClassVar[str] = "Was the model trained on frames next to the test images?"
    source: ClassVar[str] = "doi:10.1016/j.patter.2023.100804"

    lag_frames: tuple[int, ...] = (1, 2, 4, 8, 16, 32)

    def __post_init__(self) -> None:
        super().__post_init__()
        above_zero(self, "lag_frames")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the best correlation of each test image, the pairs, and correlation by lag."""
        sought = self.sought(case, nearest, crops=False)
        names = {one.test.id for one in sought.leaked}
        for one in sought.found:
            yield Measurement("correlation", one.correlation, one.test.id)
            yield Measurement("leaked", float(one.test.id in names), one.test.id)
            yield distance(one.test, sought.bank.samples)
        yield from sought.limit.rows()
        parts = (sought.queries, sought.bank)
        yield from Lags(self.lag_frames, parts).rows(sought.limit.correlation)
        yield from findings(sought.leaked)


def distance(test: Sample, trains: Sequence[Sample]) -> Measurement:
    """Return how many frames away the nearest training image of the same movie is."""
    frames = [abs(s.frame - test.frame) for s in trains if s.group and s.group == test.group]
    if not frames:
        return Measurement("nearest_frames", None, test.id, {}, 0.0, NO_FRAME)
    return Measurement("nearest_frames", float(min(frames)), test.id)


def nearest(queries: Gallery, bank: Gallery) -> list[Pair]:
    """Return for each image of a gallery the one of another that is most alike, window by window.

    An image of another outline, after its turn, is like none.
    """
    images, turns = field_candidates(queries.codes, bank.codes, CANDIDATES)
    found = []
    for number, sample in enumerate(queries.samples):
        likeness = [
            alike(queries, number, bank, int(place), int(turn))
            for place, turn in zip(images[number], turns[number], strict=True)
        ]
        best = max(range(len(likeness)), key=likeness.__getitem__)
        train, turn = bank.samples[int(images[number, best])], int(turns[number, best])
        kind = in_time(sample, train) or "neighbouring frame"
        kinds = (kind, "turned") if turn else (kind,)
        pair = Pair(test=sample, train=train, correlation=likeness[best], turn=turn, kinds=kinds)
        found.append(pair)
    return found


def alike(queries: Gallery, number: int, bank: Gallery, place: int, turn: int) -> float:
    """Return the windowed correlation of a turned image with another; 0 for another outline."""
    one, other = turned(queries.fields[number], turn), bank.fields[place]
    if one.shape != other.shape:
        return 0.0
    return float(windowed(one.float(), other[None].float())[0])
