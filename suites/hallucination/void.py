"""Pictures of nothing: the image's own field emptied, constant frames, noise, lone background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.estimate import noise_sigma
from audit.imaging.objects import grown
from audit.imaging.plate import plate, quiet
from audit.imaging.surrogate import phase_randomised
from audit.probing.probe import Probe, above_zero, among
from suites.hallucination.invented import (
    MEGAPIXEL,
    background,
    count,
    invented,
    share,
    windows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

NO_TRUTH = "without complete truth nobody knows where the background is"
NO_WINDOW = "the image has no such window of background left"
NO_GROUND = "the image has too little background to cover its objects with"
CROPPED = ("foreground_fraction", "context_fraction", "excess_fraction", "objects_per_mpx")
"""The metrics of each window of background."""

BARE = ("foreground_fraction", "objects_per_mpx", "control_fraction")
"""What is told of a field without objects."""

CONTROLS_PX = (32, 16)
"""The sides of the windows on which background is laid as a control."""

EMPTIED, QUIET = FIELDS = ("emptied", "quiet")


@dataclass(frozen=True, kw_only=True)
class Void(Probe):
    """Foreground predicted where nothing is shown.

    The field of an image is `emptied`: what truth or model take for an object, with `margin_px`
    around it, is covered by background of the same image, and dust stays. A `quiet` field is the
    calmer half of the background, carried over the whole. `control_fraction` is the foreground
    where the same operation covered windows of background, the objects left in place: it must be
    0. Constant frames lie at a fraction of the image's range. Noise is `white` (mean and standard
    deviation of the image), `matched` (its median and noise) or `phase` (its power spectrum): a
    normaliser gives it full contrast, so healthy networks fire too. Square windows of background
    are shown alone: `excess_fraction` is the foreground there minus that of the same pixels inside
    their own image. Windows keep `margin_px` from every true object.
    """

    name: ClassVar[str] = "hallucination.void"
    asks: ClassVar[str] = "What does the model see where there is nothing?"
    source: ClassVar[str] = "arXiv:1412.1897"
    version: ClassVar[int] = 2

    field: tuple[str, ...] = FIELDS
    level_fraction: tuple[float, ...] = (0.0, 0.5, 1.0)
    noise: tuple[str, ...] = ("white", "matched", "phase")
    side_px: tuple[int, ...] = (64,)
    crops: int = 4
    margin_px: int = 16

    def __post_init__(self) -> None:
        above_zero(self, "side_px", "crops")
        among(self, NOISES, "noise")
        among(self, FIELDS, "field")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what is drawn in place of each image."""
        for look in case.looks():
            yield from self.bare(look)
            image = look.image
            low, high = float(image.min()), float(image.max())
            for fraction in self.level_fraction:
                frame = torch.full_like(image, low + fraction * (high - low))
                yield from invented(look.at(level_fraction=fraction), frame)
            for kind in self.noise:
                here = look.at(noise=kind)
                yield from invented(here, NOISES[kind](image, here.generator()))
            for side in self.side_px:
                yield from self.alone(look.at(side_px=side), side)

    def bare(self, look: Look) -> Iterator[Measurement]:
        """Yield what is drawn in an image's field without its objects, and in the control."""
        known = look.sample.mask is not None and look.sample.complete
        for kind in self.field:
            here = look.at(field=kind)
            field = self.emptied(here, kind) if known else None
            if field is None:
                for metric in BARE:
                    yield here.undefined(metric, NO_GROUND if known else NO_TRUTH)
                continue
            yield from invented(here, field)
            yield self.control(here, kind)

    def emptied(self, look: Look, kind: str) -> Tensor | None:
        """Return an image (C, Y, X) without its objects; None where there is too little ground."""
        image, stream = look.image, look.generator()
        # A model that sees objects everywhere must not escape the question: then the truth decides.
        for ground in (self.agreed(look), background(look, self.margin_px)):
            source = quiet(image, ground) if kind == QUIET else ground
            hole = torch.ones_like(ground) if kind == QUIET else ~ground
            if (field := plate(image, hole, source, stream)) is not None:
                return field
        return None

    def agreed(self, look: Look) -> Tensor:
        """Return the pixels (Y, X) that, as truth and model agree, are far from any object."""
        return background(look, self.margin_px) & ~grown(look.labels > 0, self.margin_px)

    def control(self, look: Look, kind: str) -> Measurement:
        """Return what is drawn where background was laid on windows of background."""
        image, ground, stream = look.image, self.agreed(look), look.at(control=True).generator()
        there = torch.zeros_like(ground)
        for side in CONTROLS_PX:
            # Smaller windows where there is no room for larger ones.
            for window in () if bool(there.any()) else windows(ground, side, self.crops, stream):
                there[tuple(window)] = True
        rest = ground & ~there
        source = quiet(image, rest) if kind == QUIET else rest
        field = plate(image, there, source, stream) if bool(there.any()) else None
        if field is None:
            return look.undefined("control_fraction", NO_WINDOW)
        drawn = look.labels_of(field)[there] > 0
        area = drawn.numel() / MEGAPIXEL
        return look.row("control_fraction", float(drawn.float().mean()), weight=area)

    def alone(self, look: Look, side: int) -> Iterator[Measurement]:
        """Yield what is drawn in windows of an image's background, alone and in their image."""
        known = look.sample.mask is not None and look.sample.complete
        found = []
        if known:
            ground = background(look, self.margin_px)
            found = windows(ground, side, self.crops, look.generator())
        for crop in range(self.crops):
            here = look.at(crop=crop)
            if crop < len(found):
                yield from compared(here, found[crop])
            else:
                for metric in CROPPED:
                    yield here.undefined(metric, NO_WINDOW if known else NO_TRUTH)


def compared(look: Look, window: list[slice]) -> Iterator[Measurement]:
    """Yield what is drawn in a window shown alone, and in the same pixels of the whole image."""
    y, x = window
    crop = look.image[:, y, x]
    labels = look.labels_of(crop)
    whole = float((look.labels[y, x] > 0).float().mean())
    lone = share(look, crop, labels)
    assert lone.value is not None
    yield lone
    yield look.row("context_fraction", whole, weight=lone.weight)
    yield look.row("excess_fraction", lone.value - whole, weight=lone.weight)
    yield count(look, labels)


def white(image: Tensor, generator: Generator) -> Tensor:
    """Return white noise with the mean and the standard deviation of an image (C, Y, X)."""
    normal = torch.randn(image.shape, generator=generator).to(image)
    return image.mean() + image.std(correction=0) * normal


def matched(image: Tensor, generator: Generator) -> Tensor:
    """Return a frame at the median of an image (C, Y, X), with the noise that the image has."""
    normal = torch.randn(image.shape, generator=generator).to(image)
    return image.median() + noise_sigma(image) * normal


NOISES: dict[str, Callable[[Tensor, Generator], Tensor]] = {
    "white": white,
    "matched": matched,
    "phase": phase_randomised,
}
