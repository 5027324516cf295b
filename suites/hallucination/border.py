"""Objects invented near the border of the field."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.errors import UsageError
from audit.imaging.objects import areas, components
from audit.probing.probe import Needs, Probe
from suites.hallucination.invented import MEGAPIXEL, NO_SIZE, least_area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

NO_BAND = "the image has no pixel so far from its border"
FALSE_BELOW = 0.1
"""A predicted object of which less than this share is true is false."""


@dataclass(frozen=True, kw_only=True)
class Border(Probe):
    """False objects in a million pixels, in bands of the distance of their centre to the border.

    A band runs from one distance to the next, the last to the middle of the image. False is a
    predicted object of which less than a tenth is true. Weights are the bands' areas in
    megapixels. `false_per_true` counts the whole image, for each true object: its weight.
    """

    name: ClassVar[str] = "hallucination.border"
    asks: ClassVar[str] = "Does the model invent objects along the border of the image?"
    source: ClassVar[str] = "doi:10.3389/fnins.2020.00065"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, complete=True)

    distance_px: tuple[int, ...] = (0, 32)

    def __post_init__(self) -> None:
        if list(self.distance_px) != sorted({*self.distance_px}) or self.distance_px[:1] != (0,):
            raise UsageError(f"{self.name}.distance_px: expected rising distances from 0")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the density of false objects of each image in each band."""
        for look in case.looks():
            least = least_area(look)
            centres = false_centres(look, least or 0.0)
            true = len(areas(look.objects))
            share = len(centres) / true if true else None
            yield look.row("false_per_true", share, weight=true, why=NO_SIZE)
            away = distance_to_border(look.mask)
            ends = [*self.distance_px, away.max().item() + 1]
            for start, end in itertools.pairwise(ends):
                band = (away >= start) & (away < end)
                area = float(band.sum()) / MEGAPIXEL
                known = least is not None and area
                density = sum(bool(band[y, x]) for y, x in centres) / area if known else None
                yield look.row(
                    "false_objects_per_mpx",
                    density,
                    weight=area,
                    why=NO_SIZE if least is None else NO_BAND,
                    distance_px=int(start),
                )


def false_centres(look: Look, least: float) -> list[tuple[int, int]]:
    """Return the centres (Y, X) of the predicted objects that are not there."""
    objects = components(look.judged(look.labels))
    truth = look.mask > 0
    found = []
    for name, area in areas(objects).items():
        here = objects == name
        if area >= least and float(truth[here].float().mean()) < FALSE_BELOW:
            y, x = (round(float(axis.float().mean())) for axis in torch.nonzero(here).T)
            found.append((y, x))
    return found


def distance_to_border(plane: Tensor) -> Tensor:
    """Return how many pixels (Y, X) each lies from the nearest border, 0 at the border itself.

    >>> distance_to_border(torch.zeros(3, 4)).tolist()
    [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
    """
    y, x = (
        torch.minimum(steps, steps.flip(0))
        for steps in (torch.arange(size, device=plane.device) for size in plane.shape)
    )
    return torch.minimum(y[:, None], x[None])
