"""Images without objects: constant frames, noise, and windows of background alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.estimate import noise_sigma
from audit.imaging.surrogate import phase_randomised
from audit.probing.probe import Probe, above_zero, among
from suites.hallucination.invented import (
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
CROPPED = ("foreground_fraction", "context_fraction", "excess_fraction", "objects_per_mpx")
"""The metrics of each window of background."""


@dataclass(frozen=True, kw_only=True)
class Void(Probe):
    """Foreground predicted where nothing is shown.

    Constant frames lie at a fraction of the image's range. Noise is `white` (mean and standard
    deviation of the image), `matched` (its median and noise) or `phase` (its power spectrum): a
    normaliser gives it full contrast, so healthy networks fire too. Square windows of background
    are shown alone: `excess_fraction` is the foreground there minus that of the same pixels inside
    their own image. Windows keep `margin_px` from every true object.
    """

    name: ClassVar[str] = "hallucination.void"
    asks: ClassVar[str] = "What does the model see where there is nothing?"
    source: ClassVar[str] = "arXiv:1412.1897"

    level_fraction: tuple[float, ...] = (0.0, 0.5, 1.0)
    noise: tuple[str, ...] = ("white", "matched", "phase")
    side_px: tuple[int, ...] = (64,)
    crops: int = 4
    margin_px: int = 16

    def __post_init__(self) -> None:
        above_zero(self, "side_px", "crops")
        among(self, NOISES, "noise")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what is drawn in place of each image."""
        for look in case.looks():
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
