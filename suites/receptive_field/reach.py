"""The reach: how far from a pixel the outputs lie that it can move."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.errors import DataError
from audit.measurement import Measurement
from audit.probing.case import Case, generator
from audit.probing.probe import Needs, Probe, above_zero
from suites.receptive_field.ground import Canvas, touches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

STEP_PX = 5
"""From one phase to the next: eight multiples of an odd step visit every phase of a stride of 2, 4
or 8, and lie evenly among those of 16 and 32."""

WIDEST_STRIDE = 32
"""The widest lattice of phases that is visited."""

STILL = "no output moved: the model does not look at its input"
BEYOND = "an output at the border of the image moved: the model sees at least {:.0f} px far, or all"

FLAT = "every image is of one value everywhere: no pixels can change places"

Sides = tuple[int, int, int, int]
"""How far outputs moved beyond a square of changed pixels, in px: up, down, left, right."""


@dataclass(frozen=True, kw_only=True)
class Reach(Probe):
    """The radius r in px of the theoretical receptive field, whose full width is 2 r + 1.

    The pixels of a small square change places, bright with dark: every statistic of the image
    stays, so that a model that normalises each image does not couple every pixel with every other.
    The outputs that differ at all give the reach on four sides; squares at several phases of the
    model's stride give its mean, and the largest beside it. Where outputs move up to the border of
    the image only a lower bound is known. `coupled_fraction` is the share of the outputs beyond the
    reach that one single changed pixel moves: through a normaliser, for nothing else gets there.
    It is what the trained weights let through: theory to the pixel for U-Nets of up to four scales;
    at the rim of five scales a few paths are silent (98.5 px, theory 99.5).
    Measured once, on the first image that is not of one value everywhere: 2 phases + 3 forward
    passes and about a fifth more, or at most 14 where the reach exceeds the image.
    """

    name: ClassVar[str] = "receptive_field.reach"
    asks: ClassVar[str] = "How far does the model see?"
    source: ClassVar[str] = "doi:10.23915/distill.00021"
    needs: ClassVar[Needs] = Needs(probabilities=True)
    scope: ClassVar = "audit"

    phases: int = 8
    side_px: int = 32

    def __post_init__(self) -> None:
        above_zero(self, "phases", "side_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the reach of the model, or what is known of it."""
        images = (torch.from_numpy(sample.image()) for sample in case.samples)
        image = next((one for one in images if one.min() < one.max()), None)
        if image is None:
            raise DataError(FLAT)
        image = image.to(case.audit.device)
        room = max(1, min(int(size) for size in image.shape[-2:]) // 4)
        yield from replace(self, side_px=min(self.side_px, room)).measured(case, image)

    def measured(self, case: Case, image: Tensor) -> Iterator[Measurement]:
        """Yield what squares that leave room in an image (C, Y, X) tell."""
        grounds = [self.ground(case, image, ordered=ordered) for ordered in (False, True)]
        found = list[Sides]()
        for phase in range(self.phases):
            corner = self.corner(image, phase)
            moved = torch.zeros(image.shape[-2:], dtype=torch.bool, device=image.device)
            for ground in grounds:
                moved |= ground.moved(corner)
                if touches(moved):
                    yield from beyond(self.sides(moved, corner))
                    return
            found += [self.sides(moved, corner)] if bool(moved.any()) else []
        yield from known(found)
        yield self.coupling(grounds[0], found)

    def ground(self, case: Case, image: Tensor, *, ordered: bool) -> Canvas:
        """Return one of the two grounds."""
        stream = generator(case.audit.seed, self.name, ordered)
        return Canvas(case, image, stream, ordered=ordered, side_px=self.side_px)

    def corner(self, image: Tensor, phase: int) -> tuple[int, int]:
        """Return where a square of a phase begins, all of them about the middle of the image."""
        starts = []
        for size in (int(side) for side in image.shape[-2:]):
            # Strides are powers of two; a small image leaves room for the smaller ones only.
            period = 2 ** int(math.log2(min(WIDEST_STRIDE, max(1, size // 8))))
            start = (size - self.side_px - period) // 2 + STEP_PX * phase % period
            starts.append(max(0, start))
        return starts[0], starts[1]

    def sides(self, moved: Tensor, corner: tuple[int, int]) -> Sides:
        """Return how far a mask (Y, X) extends beyond a square."""
        y, x = (torch.nonzero(moved.any(1 - axis)).flatten() for axis in (0, 1))
        up, left = (start - int(axis[0]) for start, axis in zip(corner, (y, x), strict=True))
        down, right = (
            int(axis[-1]) - start - self.side_px + 1
            for start, axis in zip(corner, (y, x), strict=True)
        )
        return max(0, up), max(0, down), max(0, left), max(0, right)

    def coupling(self, ground: Canvas, found: Sequence[Sides]) -> Measurement:
        """Return the share of the outputs beyond the reach that one brighter pixel moves."""
        metric = "coupled_fraction"
        if not found:
            return Measurement(metric, None, undefined=STILL, weight=0.0)
        image, reach = ground.image.clone(), max(max(sides) for sides in found)
        y, x = (int(size) // 2 for size in image.shape[-2:])
        image[:, y, x] = image.amax((1, 2)) + (image.amax((1, 2)) - image.amin((1, 2)))
        moved = ground.differs(image)
        far = torch.ones_like(moved)
        far[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1] = False
        return Measurement(metric, float(moved[far].float().mean()))


def known(found: Sequence[Sides]) -> Iterator[Measurement]:
    """Yield the reach from the sides of every phase; undefined where no output ever moved."""
    mean = sum(sum(sides) / len(sides) for sides in found) / max(1, len(found))
    largest = max((max(sides) for sides in found), default=0)
    for metric, value in (("reach_px", mean), ("reach_max_px", float(largest))):
        why = None if found else STILL
        yield Measurement(metric, None if why else value, undefined=why)
    yield Measurement("reach_at_least_px", mean)
    yield Measurement("reach_exceeds_image", 0.0)


def beyond(sides: Sides) -> Iterator[Measurement]:
    """Yield what is known of a reach that exceeds the image."""
    least = float(max(sides))
    for metric in ("reach_px", "reach_max_px", "coupled_fraction"):
        yield Measurement(metric, None, undefined=BEYOND.format(least), weight=0.0)
    yield Measurement("reach_at_least_px", least)
    yield Measurement("reach_exceeds_image", 1.0)
