"""The effective receptive field: how much of what a model can see it does use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe, above_zero
from suites.receptive_field.field import field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.probing.case import Case
    from suites.receptive_field.field import Field

STEP_PX = 5
"""From one output to the next: an odd step visits the phases of a stride."""

USED = 1 - math.erf(2 / math.sqrt(2))
"""Pixels that weigh more than this share of the heaviest are used: a Gaussian beyond 2 sigma."""

SILENT = "the output does not change with the input: no gradient"


@dataclass(frozen=True, kw_only=True)
class Effective(Probe):
    """Radii in px within which 50 % and 95 % of the weight of an output lie, image by image.

    The weight of a pixel is the absolute gradient by it of the foreground's log-odds, the mean over
    outputs about the middle of the image. A model that normalises each image has a faint gradient
    everywhere: the median beyond the reach is taken off. `used_fraction` is the number of pixels
    that count over the area of the theoretical field, the ERF rate of Loos et al. 2024,
    doi:10.1117/1.JMI.11.5.054004. One forward and backward pass an output.
    """

    name: ClassVar[str] = "receptive_field.effective"
    asks: ClassVar[str] = "How much of what it sees does the model use?"
    source: ClassVar[str] = "arXiv:1701.04128"
    needs: ClassVar[Needs] = Needs(model="gradients", probabilities=True)
    after: ClassVar[tuple[str, ...]] = ("receptive_field.reach",)

    outputs: int = 2

    def __post_init__(self) -> None:
        above_zero(self, "outputs")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the radii of each image."""
        seen = field(case)
        for image, sample in zip(case.images, case.samples, strict=True):
            found = described(self.weight(case, image, seen), seen)
            for metric, value in found.items():
                why = SILENT if value is None else None
                yield Measurement(metric, value, sample.id, undefined=why)

    def weight(self, case: Case, image: Tensor, seen: Field) -> Tensor:
        """Return the mean weight of each pixel (2 Y - 1, 2 X - 1) about an output in the middle."""
        height, width = (int(size) for size in image.shape[-2:])
        total = torch.zeros(2 * height - 1, 2 * width - 1, device=image.device)
        for number in range(self.outputs):
            step = STEP_PX * (number - self.outputs // 2)
            y, x = (min(max(0, size // 2 + step), size - 1) for size in (height, width))
            one = gradient(case, image, (y, x))
            one = (one - floor(one, (y, x), seen)).clamp_min(0)
            total[height - 1 - y :, width - 1 - x :][:height, :width] += one
        return total / self.outputs


def gradient(case: Case, image: Tensor, output: tuple[int, int]) -> Tensor:
    """Return how each pixel (Y, X) moves the log-odds of the foreground at one output."""
    leaf = image.detach().clone()[None].requires_grad_()
    at = case.logits(leaf)[0, :, output[0], output[1]]
    odds = at[1:].logsumexp(0) - at[0]
    if not odds.requires_grad:
        # The model let go of its input: what it outputs has no slope.
        return torch.zeros_like(image[0])
    (found,) = torch.autograd.grad(odds, leaf)
    return found[0].abs().sum(0)


def floor(weight: Tensor, output: tuple[int, int], seen: Field) -> Tensor:
    """Return the median weight beyond the reach, a normaliser's; 0 where nothing lies beyond."""
    if seen.exceeds:
        return weight.new_zeros(())
    far = torch.ones_like(weight, dtype=torch.bool)
    side = math.ceil(seen.largest_px)
    y, x = output
    far[max(0, y - side) : y + side + 1, max(0, x - side) : x + side + 1] = False
    return weight[far].median() if bool(far.any()) else weight.new_zeros(())


def described(weight: Tensor, seen: Field) -> dict[str, float | None]:
    """Return the radii in px and the used share of the field; None where there is no weight."""
    if not seen.exceeds:
        weight = within(weight, math.ceil(seen.largest_px))
    total = float(weight.sum())
    if not total:
        return dict.fromkeys(("r50_px", "r95_px", "used_fraction"))
    mass = by_distance(weight).cumsum(0) / total
    used = float((weight > USED * weight.max()).sum())
    return {
        "r50_px": float((mass < 0.5).sum()),  # noqa: PLR2004 (the name says it)
        "r95_px": float((mass < 0.95).sum()),  # noqa: PLR2004
        "used_fraction": used / (2 * seen.reach_px + 1) ** 2,
    }


def within(weight: Tensor, side: int) -> Tensor:
    """Return weights (2 Y - 1, 2 X - 1) of which those beyond a square about the middle are 0."""
    y, x = (size // 2 for size in weight.shape)
    out = torch.zeros_like(weight)
    here = slice(max(0, y - side), y + side + 1), slice(max(0, x - side), x + side + 1)
    out[here] = weight[here]
    return out


def by_distance(weight: Tensor) -> Tensor:
    """Return the sum of weights (Y, X) at each distance in px from the middle, rounded."""
    y, x = (torch.arange(size, device=weight.device) - size // 2 for size in weight.shape)
    ring = (y[:, None] ** 2 + x[None] ** 2).double().sqrt().round().long().flatten()
    sums = torch.zeros(int(ring.max()) + 1, dtype=torch.float64, device=weight.device)
    return sums.index_add_(0, ring, weight.flatten().double())
