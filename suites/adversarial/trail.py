"""What an attack has shown the model so far, and the worst of it within each radius."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from audit.models.segmenter import highest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from suites.adversarial.subject import AttackedWindow

ROUNDING = 4 * torch.finfo(torch.float32).eps
"""How far a projected intensity may lie outside its ball, as a share of the brightest."""

BROKEN = 0.02
"""With no more overlap than this a window is broken, and attacked no further."""


@dataclass(frozen=True)
class TrailPoint:
    """An image (1, C, Y, X), what the model made of it (1, Y, X), and how much of that is left."""

    image: Tensor
    labels: Tensor
    left: float

    @property
    def broken(self) -> bool:
        """Whether so little is left that attacking further is of no use."""
        return self.left <= BROKEN


@dataclass
class Trail:
    """The worst seen within each radius: where the least was left of what is attacked.

    `left` says so of labels (1, Y, X), in 0..1: the overlap, unless said otherwise. Whatever the
    model was shown counts for every radius that it keeps, so a larger radius is never weaker, and
    what is kept is what was judged.
    """

    subject: AttackedWindow
    radii: Sequence[float]
    left: Callable[[Tensor], float] | None = None
    best: list[TrailPoint | None] = field(init=False)
    last: TrailPoint = field(init=False)

    def __post_init__(self) -> None:
        self.best = [None] * len(self.radii)

    def note(self, image: Tensor, logits: Tensor) -> TrailPoint:
        """Keep an image and its logits where they are the worst so far."""
        return self.keep(image.detach(), highest(logits.detach()))

    def keep(self, image: Tensor, labels: Tensor) -> TrailPoint:
        """Keep an image and its labels where they are the worst so far."""
        subject = self.subject
        moved = float((image - subject.image).abs().max())
        left = (self.left or subject.iou)(labels)
        self.last = TrailPoint(image, labels, left)
        slack = ROUNDING * max(abs(subject.low), abs(subject.high))
        for place, (radius, best) in enumerate(zip(self.radii, self.best, strict=True)):
            if moved <= radius + slack and (best is None or left < best.left):
                self.best[place] = self.last
        return self.last

    def worst(self, radius: float) -> TrailPoint:
        """Return the worst point of one of the radii, once something within it was kept."""
        found = self.best[self.radii.index(radius)]
        assert found is not None, "something within the radius was shown"
        return found

    @property
    def points(self) -> list[TrailPoint]:
        """The worst point of each radius, once the untouched image was kept."""
        found = [point for point in self.best if point is not None]
        assert len(found) == len(self.radii), "the untouched image is within every radius"
        return found
