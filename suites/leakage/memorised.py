"""A stored answer: right for the test image itself, and empty once the image changes a little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.errors import UsageError
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case

CHANGES = ("noise", "flip", "crop", "batch")
"""Changes after which an image still shows the same."""

NOTHING = "almost nothing was predicted in the first place"
BOTH_EMPTY = "nothing predicted before and after"

Shared = tuple[int, int, float]
"""The pixels that two foregrounds share, those that either covers, the share that was one before.
"""

MULTIPLE = 32
"""A crop keeps the size of the grid that networks like."""


@dataclass(frozen=True, kw_only=True)
class Memorised(Probe):
    """Overlap of the predictions before and after a change that leaves what an image shows.

    Changes: noise of `noise_fraction` of the image's standard deviation, a flip and a crop (undone
    in the prediction), and the image twice in one batch. `agreement` is the IoU of the foregrounds;
    an image has `collapsed` where any agreement is below `collapse_agreement` though at least
    `least_fraction` of what was compared had been foreground: a package that stores the answer to
    its own test image passes the zoo's test and nothing else.
    """

    name: ClassVar[str] = "leakage.memorised"
    asks: ClassVar[str] = "Does the model compute its answer, or has it stored it?"
    source: ClassVar[str] = "https://bioimage.io/docs/"
    needs: ClassVar[Needs] = Needs(model="live")

    noise_fraction: float = 0.001
    collapse_agreement: float = 0.1
    least_fraction: float = 0.01

    def __post_init__(self) -> None:
        above_zero(self, "noise_fraction", "collapse_agreement", "least_fraction")
        if self.collapse_agreement >= 1:
            raise UsageError(f"{self.name}.collapse_agreement: expected below 1")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the agreement after each change, and whether one of them undid the answer."""
        before = case.clean.labels > 0
        kept = {change: self.agreements(case, change, before) for change in CHANGES}
        for number, look in enumerate(case.looks()):
            values = [kept[change][number] for change in CHANGES]
            for change, (shared, union, _) in zip(CHANGES, values, strict=True):
                share = shared / union if union else None
                yield look.row("agreement", share, weight=union, why=BOTH_EMPTY, change=change)
            if float(before[number].float().mean()) < self.least_fraction:
                yield look.undefined("collapsed", NOTHING)
                continue
            # A crop may leave the foreground outside, and specks agree with nothing.
            lowest = min(
                shared / union if union else 1.0
                for shared, union, held in values
                if held >= self.least_fraction
            )
            yield look.row("collapsed", float(lowest < self.collapse_agreement))

    def agreements(self, case: Case, change: str, before: Tensor) -> list[Shared]:
        """Return how the foregrounds of each image agree, in what a change leaves of it."""
        if change == "crop":
            rows, columns = (middle(size) for size in before.shape[1:])
            inner = case.images[..., rows, columns].contiguous()
            return overlaps(case.predict(inner).labels > 0, before[:, rows, columns])
        if change == "flip":
            return overlaps((case.predict(case.images.flip(-1)).labels > 0).flip(-1), before)
        if change == "noise":
            return overlaps(case.predict(self.noisy(case)).labels > 0, before)
        twice = [case.predict(torch.cat([one[None]] * 2)).labels[:1] > 0 for one in case.images]
        return overlaps(torch.cat(twice), before)

    def noisy(self, case: Case) -> Tensor:
        """Return the images with noise too weak to be seen."""
        streams = case.generators(change="noise")
        noise = [torch.randn(case.images.shape[1:], generator=one) for one in streams]
        spread = case.images.flatten(1).std(1)[:, None, None, None] * self.noise_fraction
        return case.images + spread * torch.stack(noise).to(case.images)


def middle(size: int) -> slice:
    """Return the middle of a line: three quarters, in whole steps of MULTIPLE where that is less.

    >>> middle(512), middle(48)
    (slice(64, 448, None), slice(6, 42, None))
    """
    length = size * 3 // 4
    length = length // MULTIPLE * MULTIPLE if length >= 2 * MULTIPLE else length
    start = (size - length) // 2
    return slice(start, start + length)


def overlaps(after: Tensor, before: Tensor) -> list[Shared]:
    """Return for each mask of two batches (B, Y, X) how they agree."""
    shared, either = (after & before).flatten(1).sum(1), (after | before).flatten(1).sum(1)
    held = before.flatten(1).float().mean(1)
    return list(zip(shared.tolist(), either.tolist(), held.tolist(), strict=True))
