"""The same scene turned, mirrored or elsewhere in the field: is the result turned alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.errors import UsageError
from audit.imaging.turn import ORIENTATIONS, turned, turned_back
from audit.probing.probe import Needs, Probe, among
from suites.pipeline.change import agreements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case

ROLLS = {"y": (-2,), "x": (-1,), "both": (-2, -1)}
"""The axes along which the field is rolled."""


@dataclass(frozen=True, kw_only=True)
class Equivariance(Probe):
    """Agreement of the predictions of an image turned or rolled with that of the image as it is.

    No masks are needed. The seven other `orientation`s of a field ask for direction; a cyclic
    `roll` by half of the field asks for place: a network that has learnt where objects lie then
    predicts otherwise, one that goes by what it sees does not. The roll is a multiple of
    `multiple_px`, since coarse levels of a network see a shift of less as another image. Pixels
    within `margin_fraction` of the shorter side from a border, or from where borders come to lie,
    are left out: objects are cut there.
    """

    name: ClassVar[str] = "pipeline.equivariance"
    asks: ClassVar[str] = "Does the result depend on where and how the scene lies in the field?"
    source: ClassVar[str] = "arXiv:1602.07576"
    needs: ClassVar[Needs] = Needs(model="live")

    orientation: tuple[str, ...] = tuple(ORIENTATIONS)[1:]
    roll: tuple[str, ...] = tuple(ROLLS)
    multiple_px: int = 16
    margin_fraction: float = 0.05

    def __post_init__(self) -> None:
        among(self, ORIENTATIONS, "orientation")
        among(self, ROLLS, "roll")
        if self.multiple_px < 1 or not 0 <= self.margin_fraction < 0.5:  # noqa: PLR2004
            raise UsageError(f"{self.name}: expected multiple_px >= 1, margin_fraction in 0..0.5")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the agreement in each orientation and for each roll."""
        before = case.clean.labels
        for name in self.orientation:
            there = case.predict(turned(case.images, name)).labels
            yield from agreements(case, before, turned_back(there, name), orientation=name)
        for name in self.roll:
            steps = [self.step(case.images.shape[axis]) for axis in ROLLS[name]]
            there = case.predict(case.images.roll(steps, ROLLS[name])).labels
            back = there.roll([-step for step in steps], ROLLS[name])
            yield from agreements(case, before, back, self.inner(before[0], name), roll=name)

    def step(self, size: int) -> int:
        """Return half of a size, down to a multiple where there is one."""
        return size // 2 // self.multiple_px * self.multiple_px or size // 2

    def inner(self, plane: Tensor, name: str) -> Tensor:
        """Return the pixels (Y, X) that are away from all borders, before and after a roll."""
        margin = round(self.margin_fraction * min(plane.shape))
        inner = torch.ones_like(plane, dtype=torch.bool)
        for axis in (-2, -1):
            cuts = [0, plane.shape[axis]]
            if axis in ROLLS[name]:
                cuts.append(plane.shape[axis] - self.step(plane.shape[axis]))
            places = torch.arange(plane.shape[axis], device=plane.device)
            away = torch.stack([(places + 0.5 - cut).abs() > margin for cut in cuts]).all(0)
            inner &= away[:, None] if axis == -2 else away[None]  # noqa: PLR2004 (the rows)
        return inner
