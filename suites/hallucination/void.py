"""Pictures of nothing: constant frames, noise, and background without its image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.estimate import noise_sigma
from audit.imaging.surrogate import phase_randomised
from audit.measurement import Measurement
from audit.probing.probe import Probe, above_zero, among
from suites.hallucination.invented import (
    MEGAPIXEL,
    background,
    count,
    invented,
    least_area,
    share,
    windows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Generator, Tensor

    from audit.measurement import Scalar
    from audit.probing.case import Case

NO_TRUTH = "without complete truth nobody knows where the background is"
NO_WINDOW = "the image has no such window of background left"
CROPPED = ("foreground_fraction", "context_fraction", "excess_fraction", "objects_per_mpx")
"""What is told of each window of background."""


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
        for number, image in enumerate(case.images):
            low, high = float(image.min()), float(image.max())
            for fraction in self.level_fraction:
                frame = torch.full_like(image, low + fraction * (high - low))
                yield from invented(case, number, frame, {"level_fraction": fraction})
            for kind in self.noise:
                noise = NOISES[kind](image, case.generators(noise=kind)[number])
                yield from invented(case, number, noise, {"noise": kind})
            for side in self.side_px:
                yield from self.alone(case, number, side)

    def alone(self, case: Case, number: int, side: int) -> Iterator[Measurement]:
        """Yield what is drawn in windows of an image's background, alone and in their image."""
        sample = case.samples[number]
        known = sample.mask is not None and sample.complete
        found = []
        if known:
            ground = background(case, number, self.margin_px)
            found = windows(ground, side, self.crops, case.generators(side_px=side)[number])
        for crop in range(self.crops):
            at: dict[str, Scalar] = {"side_px": side, "crop": crop}
            if crop < len(found):
                yield from compared(case, number, found[crop], at)
            else:
                why = NO_WINDOW if known else NO_TRUTH
                for metric in CROPPED:
                    yield Measurement(metric, None, sample.id, at, 0.0, why)


def compared(
    case: Case, number: int, window: list[slice], at: dict[str, Scalar]
) -> Iterator[Measurement]:
    """Yield what is drawn in a window shown alone, and in the same pixels of the whole image."""
    y, x = window
    sample, crop = case.samples[number], case.images[number][:, y, x]
    labels = case.predict(crop[None]).labels[0]
    whole = float((case.clean.labels[number][y, x] > 0).float().mean())
    lone = share(case, number, (crop, labels), at)
    assert lone.value is not None
    area = labels.numel() / MEGAPIXEL
    yield lone
    yield Measurement("context_fraction", whole, sample.id, at, area)
    yield Measurement("excess_fraction", lone.value - whole, sample.id, at, area)
    yield count(labels, least_area(case, number), sample.id, at)


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
