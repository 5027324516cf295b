"""Attacks on one object: erased, split in two, or invented where nothing is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch.nn.functional import cross_entropy

from audit.errors import UsageError
from audit.imaging.objects import areas, components, diameter, grown
from audit.probing.probe import Needs, Probe, above_zero
from suites.adversarial.attacked import STILL
from suites.adversarial.subject import subject
from suites.adversarial.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look
    from suites.adversarial.loss import Loss
    from suites.adversarial.subject import AttackedWindow, Place

NONE = "the image has no object"
UNFOUND = "the object is not found in its window in the first place"
NO_ROOM = "the window has no background of the object's shape"
HELD = "not reached within the widest radius"

FOUND, ERASED, INVENTED = 0.5, 0.1, 0.5
"""Shares of an object's pixels from which it is found, up to which it is erased, and from which
one is invented."""

PIECE = 0.1
"""The share of an object that makes a piece of it."""

CUT = 0.1
"""Half the width of the band that is cut through an object, in units of its diameter."""

AWAY_PX = 8
"""How far from any object one must be invented."""

TRIES = 64


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Pixels (Y, X) that are to become a class, and how labels (1, Y, X) show that they did."""

    where: Tensor
    wanted: int
    goal: str
    whole: Tensor

    def reached(self, labels: Tensor) -> bool:
        """Return whether the aim is reached."""
        there = (labels[0] > 0) & self.whole
        area = float(self.whole.sum())
        if self.goal == "split":
            pieces = areas(components(there)).values()
            return sum(piece >= PIECE * area for piece in pieces) > 1
        share = float(there.sum()) / area
        return share <= ERASED if self.goal == "erase" else share >= INVENTED

    def loss(self) -> Loss:
        """Return the loss that grows as the wanted class does, where it is not yet predicted."""

        def loss(logits: Tensor, _: Tensor, __: float) -> Tensor:
            wanted = torch.full_like(self.where, self.wanted, dtype=torch.int64)[None]
            error = cross_entropy(logits, wanted, reduction="none")[0]
            missing = (logits.detach().argmax(1)[0] != self.wanted) & self.where
            return -(error * missing).sum() / self.where.sum()

        return loss


@dataclass(frozen=True, kw_only=True)
class Objects(Probe):
    """Whether one object can be erased, split in two, or invented, within each radius.

    Of each image the objects at some quantiles of size are attacked, in a window of `side_px`
    around each. `reached` is 1 where a goal is reached within `noise_ratio` standard deviations of
    the image's noise, `smallest_noise_ratio` the narrowest radius that does. An object is invented
    in its own shape, on background of its window.
    """

    name: ClassVar[str] = "adversarial.objects"
    asks: ClassVar[str] = "How small a change erases, splits or invents one object?"
    source: ClassVar[str] = "arXiv:1703.08603"
    needs: ClassVar[Needs] = Needs(
        model="gradients", masks=True, complete=True, tasks=("semantic",)
    )

    quantile: tuple[float, ...] = (0.0, 0.5, 1.0)
    goal: tuple[str, ...] = ("erase", "split", "invent")
    noise_ratio: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)
    side_px: int = 128
    steps: int = 2

    def __post_init__(self) -> None:
        above_zero(self, "noise_ratio", "side_px", "steps")
        if unknown := set(self.goal) - {"erase", "split", "invent"}:
            raise UsageError(f"{self.name}.goal: expected erase, split or invent, got {unknown}")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what can be done to some objects of each image."""
        for look in case.looks():
            numbered = look.objects
            sizes = sorted((area, name) for name, area in areas(numbered).items())
            for quantile in self.quantile:
                here = look.at(quantile=quantile)
                if not sizes:
                    yield from self.refused(here)
                    continue
                area, name = sizes[round(quantile * (len(sizes) - 1))]
                yield here.row("diameter_px", diameter(area))
                yield from self.attacked(case, here, numbered == name)

    def attacked(self, case: Case, look: Look, whole: Tensor) -> Iterator[Measurement]:
        """Yield what can be done to one object (Y, X) of an image."""
        y, x = place = framed(whole, self.side_px)
        one = subject(look.image, look.mask, case.model.traits, place)
        clean = case.predict(one.image).labels
        for goal in self.goal:
            here = look.at(goal=goal)
            stream = here.generator()
            aim = aimed(goal, whole[y, x], one, clean, stream) if one.noise else STILL
            if isinstance(aim, str):
                yield from self.unmeasured(here, aim)
            else:
                yield from self.tried(case, here, one, aim, stream)

    def tried(
        self, case: Case, look: Look, one: AttackedWindow, aim: Aim, stream: Generator
    ) -> Iterator[Measurement]:
        """Yield within which radii an aim is reached."""
        from suites.adversarial.path import descend

        radii = [one.radius({"noise_ratio": ratio}) for ratio in self.noise_ratio]
        trail = Trail(one, radii, lambda labels: float(not aim.reached(labels)))
        trail.keep(one.image, case.predict(one.image).labels)
        descend(case.logits, trail, stream, losses=(aim.loss(),), steps=self.steps)
        reached = {r: p.broken for r, p in zip(self.noise_ratio, trail.points, strict=True)}
        for ratio, done in reached.items():
            yield look.row("reached", float(done), noise_ratio=ratio)
        least = min((ratio for ratio, done in reached.items() if done), default=None)
        yield look.row("smallest_noise_ratio", least, why=HELD)

    def refused(self, look: Look) -> Iterator[Measurement]:
        """Yield why nothing is known of an object where there is none."""
        yield look.undefined("diameter_px", NONE)
        for goal in self.goal:
            yield from self.unmeasured(look.at(goal=goal), NONE)

    def unmeasured(self, look: Look, why: str) -> Iterator[Measurement]:
        """Yield why a goal was not tried."""
        for ratio in self.noise_ratio:
            yield look.undefined("reached", why, noise_ratio=ratio)
        yield look.undefined("smallest_noise_ratio", why)


def framed(whole: Tensor, side_px: int) -> Place:
    """Return the window around an object (Y, X), inside the image."""
    middle = [int(one.float().mean()) for one in torch.nonzero(whole, as_tuple=True)]
    y, x = (
        slice(start, start + min(side_px, size))
        for size, at in zip(whole.shape, middle, strict=True)
        for start in [max(0, min(at - side_px // 2, size - side_px))]
    )
    return y, x


def aimed(
    goal: str, whole: Tensor, one: AttackedWindow, clean: Tensor, stream: Generator
) -> Aim | str:
    """Return what an attack on an object (Y, X) aims at, or why it cannot."""
    if goal == "invent":
        place = elsewhere(whole, (one.truth[0] != 0) | (clean[0] > 0), stream)
        if place is None:
            return NO_ROOM
        return Aim(where=place, wanted=kind(one, whole), goal=goal, whole=place)
    if float((clean[0] > 0)[whole].float().mean()) < FOUND:
        return UNFOUND
    where = whole if goal == "erase" else band(whole)
    return Aim(where=where, wanted=0, goal=goal, whole=whole)


def kind(one: AttackedWindow, whole: Tensor) -> int:
    """Return the class of an object."""
    return int(torch.bincount(one.truth[0][whole]).argmax())


def band(whole: Tensor) -> Tensor:
    """Return the middle of an object (Y, X), across its longest direction."""
    places = torch.nonzero(whole).float()
    centre = places.mean(0)
    _, _, directions = torch.linalg.svd(places - centre, full_matrices=False)
    grid = torch.stack(
        torch.meshgrid(*(torch.arange(n, device=whole.device) for n in whole.shape), indexing="ij"),
        -1,
    )
    along = (grid - centre) @ directions[0]
    middle: Tensor = along.abs() <= max(1.0, CUT * diameter(float(whole.sum())))
    return whole & middle


def elsewhere(whole: Tensor, taken: Tensor, stream: Generator) -> Tensor | None:
    """Return the object's shape (Y, X) moved to where nothing is; None where there is no room."""
    free = ~grown(taken, AWAY_PX)
    for _ in range(TRIES):
        dy, dx = (int(torch.randint(-n + 1, n, (1,), generator=stream)) for n in whole.shape)
        moved = torch.roll(whole, (dy, dx), (0, 1))
        if bool(free[moved].all()):
            return moved
    return None
