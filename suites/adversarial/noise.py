"""Random changes of the same size: what an adversary's change is worth without the adversary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from suites.adversarial.attacked import Attacked, retained, scored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from suites.adversarial.subject import AttackedWindow


@dataclass(frozen=True, kw_only=True)
class Noise(Attacked):
    """Overlap when each pixel of a window is moved by the radius, up or down by the toss of a coin.

    The largest random change that an attack within the radius could be; the windows and the radii
    are those of the attack.
    """

    name: ClassVar[str] = "adversarial.noise"
    asks: ClassVar[str] = "What does random noise of the same size as an attack do?"
    source: ClassVar[str] = "arXiv:1608.08967"

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the scores of each window at each radius."""
        subjects = self.subjects(case)
        trails = self.trails(case, subjects)
        clean = [trail.last for trail in trails]
        for at in self.rungs():
            points = []
            for trail, generator in zip(trails, case.generators(**at), strict=True):
                image = tossed(trail.subject, trail.subject.radius(at), generator)
                points.append(trail.keep(image, case.predict(image).labels))
            yield from scored(case, subjects, points, at)
            yield from retained(case, subjects, clean, points, at)


def tossed(subject: AttackedWindow, radius: float, generator: Generator) -> Tensor:
    """Return the window with every pixel moved by the radius, within the image's bounds."""
    coin = 2 * torch.randint(2, subject.image.shape, generator=generator).to(subject.image) - 1
    return (subject.image + radius * coin).clamp(subject.low, subject.high)
