"""Objects that are larger than the receptive field, and how they are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from scipy import ndimage

from audit.imaging.objects import inscribed_diameter
from audit.probing.probe import Needs, Probe
from suites.receptive_field.field import field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

NOTHING = "the image has no object"

LEAST_REACH = 0.5
"""A model that sees its own pixel only has a reach of 0, and a field as wide as that pixel."""


@dataclass(frozen=True, kw_only=True)
class Objects(Probe):
    """Recall and holes of every true object, beside its inscribed diameter in units of the reach.

    Holes are what filling the found part of an object would add, as a share of its area. An object
    has outgrown the field where its inscribed circle is wider than twice the reach and a pixel.
    An image's `blind_fraction` is the share of its true area so deep inside objects that the whole
    field of an output lies within one of them, and no edge is seen from there;
    `blind_missed_fraction` is what is missed of that, as a share of all true area. Where the reach
    exceeds the image its lower bound stands in its place. No forward pass beyond the clean one.

    `track` is the object's number in the truth: in movies with tracked truth (the silver truth of
    the Cell Tracking Challenge) the same cell in every frame, so that a cell that is seen a hundred
    times does not count a hundred times. A truth that numbers each frame anew mixes cells in a
    track: intervals are then too narrow.
    """

    name: ClassVar[str] = "receptive_field.objects"
    asks: ClassVar[str] = "Are objects that outgrow what the model sees found worse?"
    source: ClassVar[str] = "doi:10.1117/1.JMI.11.5.054004"
    needs: ClassVar[Needs] = Needs(masks=True, probabilities=True)
    after: ClassVar[tuple[str, ...]] = ("receptive_field.reach",)

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield three numbers an object, and three an image."""
        reach = field(case).reach_px
        for look in case.looks():
            objects = look.objects.cpu().numpy()
            yield from of_objects(look, objects, reach)
            yield from of_image(look, sees_no_edge(objects, reach))


def of_objects(look: Look, objects: NDArray[np.int64], reach_px: float) -> Iterator[Measurement]:
    """Yield recall, holes and size of every object (Y, X), and which share outgrew the field."""
    found, sizes = (look.labels > 0).cpu().numpy(), list[float]()
    for track, window in enumerate(ndimage.find_objects(objects), 1):
        if window is None:
            continue
        inside = objects[window] == track
        area, seen, here = float(inside.sum()), found[window] & inside, look.at(track=track)
        yield here.row("recall", float(seen.sum()) / area, weight=area)
        yield here.row("hole_fraction", holes(seen, inside) / area, weight=area)
        sizes.append(inscribed_diameter(torch.from_numpy(inside)) / max(reach_px, LEAST_REACH))
        yield here.row("diameter_reach", sizes[-1])
    width = (2 * reach_px + 1) / max(reach_px, LEAST_REACH)
    share = sum(size > width for size in sizes) / len(sizes) if sizes else None
    yield look.row("outgrown_fraction", share, weight=len(sizes), why=NOTHING)


def of_image(look: Look, blind: NDArray[np.bool_]) -> Iterator[Measurement]:
    """Yield which share of the true area sees no edge (Y, X), and which share is missed there."""
    area = float((look.mask > 0).sum())
    if not area:
        for metric in ("blind_fraction", "blind_missed_fraction"):
            yield look.undefined(metric, NOTHING)
        return
    missed = blind & (look.labels == 0).cpu().numpy()
    yield look.row("blind_fraction", float(blind.sum()) / area, weight=area)
    row = look.row("blind_missed_fraction", float(missed.sum()) / area, weight=area)
    yield look.drawn(row, look.image, look.mask, look.labels)


def holes(found: NDArray[np.bool_], inside: NDArray[np.bool_]) -> float:
    """Return how many px of an object (Y, X) lie in holes of its found part.

    >>> ring = np.ones((3, 3), bool); ring[1, 1] = False
    >>> holes(ring, np.ones((3, 3), bool))
    1.0
    """
    return float((ndimage.binary_fill_holes(found) & inside & ~found).sum())


def sees_no_edge(objects: NDArray[np.int64], reach_px: float) -> NDArray[np.bool_]:
    """Return where (Y, X) a square field of a reach lies within one object.

    The border of the image is an edge too: what lies beyond is padding, and looks like it.

    >>> int(sees_no_edge(np.ones((5, 5), np.int64), 1).sum())
    9
    """
    side = 2 * int(reach_px) + 1
    padded = np.pad(objects, side)
    low, high = (
        kind(padded, side, mode="constant")[side:-side, side:-side]
        for kind in (ndimage.minimum_filter, ndimage.maximum_filter)
    )
    return np.asarray((low == high) & (low > 0))
