"""What a flaw does to a network, asked of the network itself and of no probe.

A flaw that changes nothing on the images at hand cannot be caught there, and is no miss. So each
flaw says what it does, in a quantity of its own that is measured as soon as it is planted.
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
"""Test images, the first of them, on which an effect is measured."""

LEAST = 0.02
"""What is less than this apart is one network as seen by this quantity."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a flaw does: `of` a network and the images it learnt from and is tested on, a number.

    `what` names it in words. The flawed network must exceed its twin by `least`.
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
        """Whether the flaw is one on these images."""
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
    """Return where (Y, X) a network sees anything in the first of some images."""
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
    """Return what tells how much of the foreground a change to the images changes."""

    def of(model: Segmenter, material: FlawImages) -> float:
        return mean(
            apart(foreground(model, image), foreground(model, change(image)))
            for image, _ in looked_at(material)
        )

    return of


def loss_by(change: Callable[[Tensor], Tensor]) -> Measure:
    """Return what tells which share of the true area is lost by a change to the images."""

    def of(model: Segmenter, material: FlawImages) -> float:
        return mean(
            found(model, image, mask) - found(model, change(image), mask)
            for image, mask in looked_at(material)
        )

    return of


def missed(member: int | None = None) -> Measure:
    """Return what tells which share of the true area, or of one class's, is not found."""

    def of(model: Segmenter, material: FlawImages) -> float:
        return mean(1 - found(model, image, mask, member) for image, mask in looked_at(material))

    return of


def found(model: Segmenter, image: Tensor, mask: Tensor, member: int | None = None) -> float:
    """Return which share of the truth (Y, X) is found, 1 where there is none."""
    labels = model.predict(image).labels[0]
    true, seen = (mask > 0, labels > 0) if member is None else (mask == member, labels == member)
    return float(seen[true].float().mean()) if bool(true.any()) else 1.0
