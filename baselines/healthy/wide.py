"""Images wider than a tile, for probes that tile them or take objects away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.datasets.sample import thinned
from audit.datasets.simulated import simulate
from baselines.healthy.grounds import (
    HALVES,
    SIMULATIONS,
    ImagePart,
    cut,
    fields,
    frames,
    halved,
    halves,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audit.datasets.sample import Sample

    Sides = tuple[list[Sample], list[Sample]]

PROBES = frozenset({"pipeline.tiles", "hallucination.removal", "hallucination.insertion"})
"""The probes that are run on wide images, and on no others."""

FIRST, MANY = 100, 6
SIDE_PX = 320
BACTERIA_PX = 286
TILE_PX = 256


def wide(kind: str, half: str, data: Path) -> tuple[Sample, ...]:
    """Return a few wide images of the side that a half is audited on; none where there is none.

    Simulated fields hold as many cells as smaller ones do, so that some cells are isolated.
    """
    if kind in SIMULATIONS:
        larger = replace(SIMULATIONS[kind][half], size_px=SIDE_PX)
        name = f"{kind}-{half}-wide"
        return simulate(larger, range(FIRST, FIRST + MANY), name=name).samples
    if kind not in SIDES:
        return ()
    tested = SIDES[kind](data)[1 - HALVES.index(half)]
    kept = [one for one in tested if max(one.shape[1:]) > TILE_PX]
    return tuple(replace(one, part="test") for one in thinned(kept, 1, MANY))


def squared(samples: Sequence[Sample]) -> list[Sample]:
    """Return the upper left square of each image, SIDE_PX wide."""
    corner = ImagePart(slice(0, SIDE_PX), slice(0, SIDE_PX))
    return [cut(one, corner) for one in samples]


def movie(data: Path) -> Sides:
    """Return the whole frames of phase contrast, at half the resolution."""
    one, other = frames("phase-contrast", data)
    return halved(one), halved(other)


def nuclei(data: Path) -> Sides:
    """Return wide squares of the frames of fluorescent nuclei."""
    one, other = frames("fluorescent-nuclei", data)
    return squared(one), squared(other)


def labs(data: Path) -> Sides:
    """Return wide squares of nuclei of many labs."""
    one, other = fields(data)
    return squared(one), squared(other)


def bacteria(data: Path) -> Sides:
    """Return wide squares of the two halves of a field of bacteria."""
    return halves(data, BACTERIA_PX)


SIDES: dict[str, Callable[[Path], Sides]] = {
    "phase-contrast": movie,
    "fluorescent-nuclei": nuclei,
    "nuclei-of-many-labs": labs,
    "bacteria": bacteria,
}
