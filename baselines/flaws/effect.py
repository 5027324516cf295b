"""Whether a planted flaw has an effect, measured without any probe.

A flaw that changes nothing on the images at hand cannot be caught there, and counts as no miss. So
each flaw names the quantity that it changes, which is measured as soon as it is planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages

    Measure = Callable[[Segmenter, FlawImages], float]

IMAGES = 6
"""Number of test images, from the first, on which an effect is measured."""

LEAST = 0.02
"""By how much a flawed network must at least exceed its twin for the flaw to have an effect."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a flaw does, as a number that `of` measures on a network and its images.

    `what` names the quantity in words. The flawed network must exceed its twin by `least`.
    """

    what: str
    of: Measure
    least: float = LEAST


@dataclass(frozen=True, kw_only=True)
class MeasuredEffect:
    """An effect as it was measured on a flawed network and on its healthy twin."""

    effect: Effect
    flawed: float
    twin: float

    @property
    def present(self) -> bool:
        """Whether the flaw has an effect on these images."""
        return self.flawed - self.twin >= self.effect.least

    @property
    def because(self) -> str:
        """What was measured, as one sentence."""
        be = "is" if self.present else "is hardly"
        return (
            f"{self.effect.what} {be} more: {self.flawed:.2f}, in its healthy twin {self.twin:.2f}"
        )


def looked_at(material: FlawImages) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield some test images (1, C, Y, X) with their masks (Y, X)."""
    for sample in [one for one in material.test if one.mask is not None][:IMAGES]:
        assert sample.mask is not None
        yield torch.from_numpy(sample.image())[None], torch.from_numpy(sample.mask())


def foreground(model: Segmenter, images: Tensor) -> Tensor:
    """Return the predicted foreground (Y, X) of the first image of a batch."""
    return model.predict(images).labels[0] > 0


def apart(one: Tensor, other: Tensor) -> float:
    """Return 1 less the IoU of two masks, 0 where both are empty."""
    union = int((one | other).sum())
    return 1 - int((one & other).sum()) / union if union else 0.0


def mean(values: Iterator[float]) -> float:
    """Return the mean, 0 of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def errors(model: Segmenter, material: FlawImages) -> float:
    """Return 1 less the IoU with the truth."""
    return mean(apart(foreground(model, x), mask > 0) for x, mask in looked_at(material))


def answer_to(change: Callable[[Tensor], Tensor]) -> Measure:
    """Return the measure of how much of the foreground a change to the images changes, 0 to 1."""

    def of(model: Segmenter, material: FlawImages) -> float:
        return mean(
            apart(foreground(model, image), foreground(model, change(image)))
            for image, _ in looked_at(material)
        )

    return of


def loss_by(change: Callable[[Tensor], Tensor]) -> Measure:
    """Return the measure of which share of the true area a change to the images loses."""

    def of(model: Segmenter, material: FlawImages) -> float:
        return mean(
            found(model, image, mask) - found(model, change(image), mask)
            for image, mask in looked_at(material)
        )

    return of


def missed(member: int | None = None) -> Measure:
    """Return the measure of which share of the true area, or of one class's, is not found."""

    def of(model: Segmenter, material: FlawImages) -> float:
        return mean(1 - found(model, image, mask, member) for image, mask in looked_at(material))

    return of


def found(model: Segmenter, image: Tensor, mask: Tensor, member: int | None = None) -> float:
    """Return which share of the true foreground, or of class `member`, is found; 1 without any."""
    labels = model.predict(image).labels[0]
    true, seen = (mask > 0, labels > 0) if member is None else (mask == member, labels == member)
    return float(seen[true].float().mean()) if bool(true.any()) else 1.0
