"""An attack that only sees predictions: for models without gradients, and to check the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.meaning import IGNORE
from audit.probing.probe import above_zero
from suites.adversarial.attacked import Attacked, retained, scored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.models.segmenter import Prediction
    from audit.probing.case import Case
    from suites.adversarial.trail import Trail

SIDES_PX = (32, 16, 8, 4)
"""Sides of the patches, from the first to the last query."""

TRIED = 0.5
"""The share of the patches that a query changes."""


@dataclass(frozen=True, kw_only=True)
class BlackBox(Attacked):
    """Overlap as patches of a window are moved up or down by the radius, at so many queries.

    A query changes half of the patches of a grid at once. A patch keeps its change where its own
    pixels got worse: a segmentation answers for each place apart. All radii share one pattern,
    from the narrowest to the widest.
    """

    name: ClassVar[str] = "adversarial.black_box"
    asks: ClassVar[str] = "How small a change misleads the model when its gradient is unknown?"
    source: ClassVar[str] = "arXiv:1912.00049"

    noise_ratio: tuple[float, ...] = (1.0, 2.0, 4.0)
    range_fraction: tuple[float, ...] = (0.016,)
    queries: int = 16

    def __post_init__(self) -> None:
        super().__post_init__()
        above_zero(self, "queries")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the worst found within each radius."""
        subjects = self.subjects(case)
        trails = self.trails(case, subjects)
        clean = [trail.last for trail in trails]
        for trail, generator in zip(trails, case.generators(), strict=True):
            self.search(case, trail, generator)
        for place, at in enumerate(self.rungs()):
            points = [trail.points[place] for trail in trails]
            yield from scored(case, subjects, points, at)
            yield from retained(case, subjects, clean, points, at)

    def search(self, case: Case, trail: Trail, generator: Generator) -> None:
        """Ask for each radius in turn, each time with the pattern found so far."""
        image = trail.subject.image
        pattern = torch.ones_like(image)
        for radius in sorted({radius for radius in trail.radii if radius > 0}):
            known = self.ask(case, trail, radius * pattern)
            for query in range(self.queries - 1):
                if trail.last.broken:
                    break
                side = SIDES_PX[query * len(SIDES_PX) // self.queries]
                changed = proposed(pattern, side, generator)
                errors = self.ask(case, trail, radius * changed)
                better = tiled(errors, side) > tiled(known, side)
                pattern = torch.where(better[:, None], changed, pattern)
                known = torch.where(better, errors, known)

    def ask(self, case: Case, trail: Trail, change: Tensor) -> Tensor:
        """Return how wrong each pixel (1, Y, X) is after a change, 0..1."""
        subject = trail.subject
        image = (subject.image + change).clamp(subject.low, subject.high)
        prediction = case.predict(image)
        trail.keep(image, prediction.labels)
        return wrongness(prediction, subject.truth)


def wrongness(prediction: Prediction, truth: Tensor) -> Tensor:
    """Return 1 - the probability of the true class, or whether the label is wrong, (1, Y, X).

    What the truth ignores is never wrong.
    """
    known = truth != IGNORE
    if prediction.probabilities is None:
        return ((prediction.labels != truth) & known).float()
    said = prediction.probabilities.gather(1, truth.clamp_min(0)[:, None])[:, 0]
    return (1 - said).where(known, 0)


def proposed(pattern: Tensor, side_px: int, generator: Generator) -> Tensor:
    """Return a pattern (1, C, Y, X) of signs with new signs in half of its patches."""
    channels, height, width = pattern.shape[1:]
    rows, columns = -(-height // side_px), -(-width // side_px)
    signs = 2.0 * torch.randint(2, (1, channels, rows, columns), generator=generator) - 1
    tried = torch.rand((1, 1, rows, columns), generator=generator) < TRIED
    signs, where = (
        one.repeat_interleave(side_px, -2).repeat_interleave(side_px, -1)[..., :height, :width]
        for one in (signs, tried)
    )
    return torch.where(where.to(pattern.device), signs.to(pattern), pattern)


def tiled(errors: Tensor, side_px: int) -> Tensor:
    """Return each pixel's patch mean of errors (1, Y, X)."""
    from torch.nn.functional import avg_pool2d

    height, width = errors.shape[-2:]
    means = avg_pool2d(errors[None], side_px, ceil_mode=True)[0]
    return means.repeat_interleave(side_px, -2).repeat_interleave(side_px, -1)[..., :height, :width]
