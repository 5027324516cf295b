"""Test images that show the field of a training image: re-encoded, rescaled, turned, cropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from torch.nn.functional import avg_pool2d

from audit.imaging.registration import Match, Template, register
from audit.imaging.search import field_candidates, landmark_candidates
from audit.measurement import Measurement
from suites.leakage.pair import KINDS, Pair, findings, in_time
from suites.leakage.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from audit.probing.case import Case
    from suites.leakage.gallery import Gallery

FIELDS, CROPS = 2, 24
"""Candidates that are looked at for a whole field, and for a crop of one: frames of one movie share
most landmarks, and a crop's own frame was as low as the 21st among them."""

CLOSELY = 4
"""Candidates that are registered in full; of more, those that fit best at half the size."""

ENOUGH = 0.35
"""What landmarks must say together for a candidate to be looked at: crops say 0.5 and more."""

LEAST_OVERLAP = 0.5
"""The share of the smaller image that must lie on the other: with 0.35, corners of strangers in
differential interference contrast correlated by up to 0.79."""

CANVAS_PX = 192
"""SIDE_PX and the largest shift of that overlap, and quickly transformed."""

WHOLE = 0.9
"""The share of the larger image from which an overlap is no crop."""


@dataclass(frozen=True, kw_only=True)
class Near(Search):
    """The highest correlation of each test image with a training image, wherever they overlap.

    Normalised cross-correlation of the images' structure over all flips, quarter turns and shifts,
    for those training images that short codes suggest. A pair is called the same from
    `least_correlation`, or more where other movies of one part are alike (median + 6 MAD).
    """

    name: ClassVar[str] = "leakage.near"
    asks: ClassVar[str] = "Does a test image show the same field as a training image?"
    source: ClassVar[str] = "doi:10.1109/TIP.2011.2181402"

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the best correlation of each test image, what the pair is, and the pairs."""
        sought = self.sought(case, nearest, crops=True)
        kinds = {one.test.id: one.kinds for one in sought.leaked}
        for one in sought.found:
            yield Measurement("correlation", one.correlation, one.test.id)
            yield Measurement("leaked", float(one.test.id in kinds), one.test.id)
            for kind in KINDS:
                flag = float(kind in kinds.get(one.test.id, ()))
                yield Measurement("is_kind", flag, one.test.id, {"kind": kind})
        yield from sought.limit.rows()
        yield from findings(sought.leaked)


def nearest(queries: Gallery, bank: Gallery) -> list[Pair]:
    """Return for each image of a gallery the one of another that it overlaps with best."""
    fields, _ = field_candidates(queries.codes, bank.codes, FIELDS)
    crops, scores = landmark_candidates(queries.landmarks, bank.landmarks, CROPS)
    found = []
    for number in range(len(queries.samples)):
        whole = set(fields[number].tolist())
        likely = scores[number] >= ENOUGH
        part = set(crops[number][likely].tolist())
        found.append(best_of(queries, number, bank, (whole, part)))
    return found


def best_of(
    queries: Gallery, number: int, bank: Gallery, places: tuple[set[int], set[int]]
) -> Pair:
    """Return the best pair of one image among candidates as whole fields, and as crops."""
    tried: list[tuple[Match, int, tuple[str, ...]]] = []
    for views, others, candidates in zip(
        (queries.fields, queries.pieces), (bank.fields, bank.pieces), places, strict=True
    ):
        likely = shortlist(views[number], others, candidates)
        if likely:
            template = Template(views[number].float(), CANVAS_PX)
        for place in likely:
            match = register(others[place].float(), template, LEAST_OVERLAP)
            tried.append((match, place, kinds_of(match, views[number], others[place])))
    match, place, kinds = max(tried, key=lambda one: one[0].correlation)
    one, other = queries.samples[number], bank.samples[place]
    if "cropped" not in kinds and sorted(one.shape[1:]) != sorted(other.shape[1:]):
        kinds = ("rescaled", *kinds)
    time = in_time(one, other)
    return Pair(
        test=one,
        train=other,
        correlation=match.correlation,
        turn=match.turn,
        kinds=((time,) if time else ()) + kinds or ("re-encoded",),
    )


def shortlist(view: Tensor, others: Sequence[Tensor], candidates: set[int]) -> list[int]:
    """Return the few candidates that fit best at half the size."""
    if len(candidates) <= CLOSELY:
        return sorted(candidates)
    template = Template(halved(view), CANVAS_PX // 2)
    fits = {
        place: register(halved(others[place]), template, LEAST_OVERLAP).correlation
        for place in sorted(candidates)
    }
    return sorted(fits, key=lambda place: -fits[place])[:CLOSELY]


def halved(structure: Tensor) -> Tensor:
    """Return a structure (Y, X) at half the size."""
    return avg_pool2d(structure.float()[None], 2)[0]


def kinds_of(match: Match, one: Tensor, other: Tensor) -> tuple[str, ...]:
    """Return whether the images of a match are turned or cropped against each other."""
    areas = sorted((one.numel(), other.numel()))
    cropped = match.overlap * areas[0] < WHOLE * areas[1]
    return (("turned",) if match.turn else ()) + (("cropped",) if cropped else ())
