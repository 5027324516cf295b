"""Objects invented near the border of the field."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.errors import UsageError
from audit.imaging.objects import areas, components, true_objects
from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe
from suites.hallucination.invented import MEGAPIXEL, NO_SIZE, least_area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.probing.case import Case

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
        for number, sample in enumerate(case.samples):
            least = least_area(case, number)
            centres = false_centres(case, number, least or 0.0)
            yield self.overall(case, number, len(centres))
            away = distance_to_border(case.masks[number])
            ends = [*self.distance_px, away.max().item() + 1]
            for start, end in itertools.pairwise(ends):
                band = (away >= start) & (away < end)
                area = float(band.sum()) / MEGAPIXEL
                at = {"distance_px": int(start)}
                if least is None or not area:
                    why = NO_SIZE if least is None else NO_BAND
                    yield Measurement("false_objects_per_mpx", None, sample.id, at, 0.0, why)
                    continue
                events = sum(bool(band[y, x]) for y, x in centres)
                yield Measurement("false_objects_per_mpx", events / area, sample.id, at, area)

    @staticmethod
    def overall(case: Case, number: int, events: int) -> Measurement:
        """Return how many false objects there are for each true one, wherever they lie."""
        sample = case.samples[number]
        true = len(areas(true_objects(sample, case.masks[number])))
        if not true:
            return Measurement("false_per_true", None, sample.id, {}, 0.0, NO_SIZE)
        return Measurement("false_per_true", events / true, sample.id, {}, float(true))


def false_centres(case: Case, number: int, least: float) -> list[tuple[int, int]]:
    """Return the centres (Y, X) of the predicted objects that are not there."""
    objects = components(case.clean.labels[number])
    truth = case.masks[number] > 0
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
