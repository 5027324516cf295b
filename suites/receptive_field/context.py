"""Context: how far around an object the model looks to find it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.objects import areas
from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe, above_zero
from suites.receptive_field.field import field
from suites.receptive_field.scramble import around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.probing.case import Case
    from audit.probing.look import Look

NOTHING = "the image has no object"
ALONE = "there is no second image of the same shape, whose content could take the surroundings"
NEVER = "the surroundings matter at every distance that was tried"

RIM_PX = 4
"""An object is judged with this much around it, so that growing it counts as a change too."""


@dataclass(frozen=True, kw_only=True)
class Context(Probe):
    """How an object's overlap changes when all that lies far from it shows another image.

    Kept is an object of an image with a rim, and what lies within a distance of that, in units of
    the largest reach: from 1 on nothing may change. The rest
    takes the pattern of another image of the audit, turned upside down so that neighbours in time
    do not match, but the image's own values in order of rank: mean, standard deviation and range
    stay, and a normaliser sees no difference. `iou_change` is the absolute change of the IoU of
    object and rim; `context_px` the smallest distance tried from which on that stays below the
    tolerance. No gradient; one forward pass a distance.
    """

    name: ClassVar[str] = "receptive_field.context"
    asks: ClassVar[str] = "How much of its surroundings does the model need to find an object?"
    source: ClassVar[str] = "arXiv:1701.04128"
    needs: ClassVar[Needs] = Needs(masks=True, probabilities=True)
    after: ClassVar[tuple[str, ...]] = ("receptive_field.reach",)

    within_reach: tuple[float, ...] = (1.5, 1.0, 0.75, 0.5, 0.25, 0.125)
    tolerance: float = 0.01

    def __post_init__(self) -> None:
        above_zero(self, "within_reach", "tolerance")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the change of each image at each distance, and the distance that suffices."""
        for look in case.looks():
            chosen, other = self.subject(look), self.other(case, look)
            if chosen is None or other is None:
                yield from self.nothing(look, NOTHING if chosen is None else ALONE)
            else:
                yield from self.of_image(look, field(case).largest_px, chosen, other)

    def nothing(self, look: Look, why: str) -> Iterator[Measurement]:
        """Yield that nothing can be said of an image, at every distance."""
        for share in self.within_reach:
            yield look.undefined("iou_change", why, within_reach=share)
        yield look.undefined("context_px", why)

    def of_image(
        self, look: Look, reach: float, chosen: Tensor, other: Tensor
    ) -> Iterator[Measurement]:
        """Yield the change at each distance about one object, and the distance that suffices."""
        near = around(chosen, RIM_PX)
        changes = dict[float, float]()
        for share in self.within_reach:
            far = ~around(near, math.ceil(share * reach))
            changes[share] = change(look, near, exchanged(look.image, other, far))
            yield look.row("iou_change", changes[share], within_reach=share)
        least = sufficient(changes, self.tolerance)
        value, why = (None, NEVER) if least is None else (least * reach, None)
        yield Measurement("context_px", value, look.sample.id, undefined=why)

    @staticmethod
    def subject(look: Look) -> Tensor | None:
        """Return one object (Y, X) of an image, drawn at random; None where there is none."""
        objects = look.objects
        names = list(areas(objects))
        if not names:
            return None
        drawn = int(torch.randint(len(names), (1,), generator=look.generator()))
        return objects == names[drawn]

    @staticmethod
    def other(case: Case, look: Look) -> Tensor | None:
        """Return another image (C, Y, X) of the audit, upside down; None where there is none.

        Half the list away: neighbours in a movie show the same cells.
        """
        mine = look.sample
        alike = [sample for sample in case.part("test") if sample.shape == mine.shape]
        place = [sample.id for sample in alike].index(mine.id)
        chosen = alike[(place + (len(alike) + 1) // 2) % len(alike)]
        if chosen.id == mine.id:
            return None
        return torch.from_numpy(chosen.image()).to(look.image).rot90(2, (-2, -1))


def change(look: Look, near: Tensor, image: Tensor) -> float:
    """Return how far the IoU in a region (Y, X) of an altered image is from the clean one."""
    near = near & look.known
    truth = look.mask[near] > 0
    before, after = (
        overlap(labels[near] > 0, truth) for labels in (look.labels, look.labels_of(image))
    )
    return abs(after - before)


def exchanged(image: Tensor, other: Tensor, where: Tensor) -> Tensor:
    """Return an image (C, Y, X) with another's pattern inside a mask (Y, X), in its own values.

    There the pixels are ranked as in the other image, so that all values of the image stay.

    >>> image, other = torch.tensor([[[1.0, 5.0, 3.0]]]), torch.tensor([[[9.0, 8.0, 7.0]]])
    >>> exchanged(image, other, torch.tensor([[False, True, True]])).tolist()
    [[[1.0, 5.0, 3.0]]]
    """
    out = image.clone()
    for plane, pattern in zip(out, other, strict=True):
        order = pattern[where].argsort(stable=True)
        values = plane[where].sort().values
        plane[where] = torch.empty_like(values).scatter_(0, order, values)
    return out


def overlap(found: Tensor, truth: Tensor) -> float:
    """Return the IoU of two masks, of which the second is not empty."""
    return float((found & truth).sum()) / float((found | truth).sum())


def sufficient(changes: dict[float, float], tolerance: float) -> float | None:
    """Return the smallest distance from which on every change is below a tolerance.

    >>> sufficient({2.0: 0.0, 1.0: 0.001, 0.5: 0.2}, 0.01)
    1.0
    >>> sufficient({2.0: 0.1, 1.0: 0.0}, 0.01) is None
    True
    """
    best = None
    for distance, change in sorted(changes.items(), reverse=True):
        if change >= tolerance:
            break
        best = distance
    return best
