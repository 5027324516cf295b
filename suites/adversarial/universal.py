"""One pattern for all images: what the model can be misled by without knowing the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import torch

from audit.probing.case import Case, generator
from audit.probing.probe import Needs, above_zero
from suites.adversarial.attacked import LOST, Windowed, told
from suites.adversarial.loss import masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from audit.datasets.sample import Sample
    from audit.measurement import Measurement
    from audit.probing.look import Look
    from suites.adversarial.subject import AttackedWindow

ALONE = "one image alone: there is no other to make a pattern of"


@dataclass(frozen=True, kw_only=True)
class Universal(Windowed):
    """Overlap under one pattern made of other images, scaled to each image's own noise.

    The images are halved by movie, or one movie by time; a pattern is made of at most `images` of
    one half, in `rounds` steps an image, and shown on the other half: no image has been seen by
    its own pattern. The radius is `noise_ratio` standard deviations of the image's noise.
    """

    name: ClassVar[str] = "adversarial.universal"
    asks: ClassVar[str] = "Is there one pattern that misleads the model on any image?"
    source: ClassVar[str] = "arXiv:1610.08401"
    needs: ClassVar[Needs] = Needs(
        model="gradients", masks=True, complete=True, tasks=("semantic",)
    )
    scope: ClassVar[Literal["images", "audit"]] = "audit"

    noise_ratio: tuple[float, ...] = (2.0,)
    images: int = 8
    rounds: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        above_zero(self, "noise_ratio", "images", "rounds")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what is left of each image's overlap at each radius."""
        halves = halved([s for s in case.samples if s.mask is not None and s.complete])
        for ratio in self.noise_ratio:
            looks = {look.sample.id: look for look in case.looks(noise_ratio=ratio)}
            for half, other in (halves, halves[::-1]):
                pattern = None if not other else self.made(case, other, ratio)
                for look in (looks[sample.id] for sample in half):
                    if pattern is not None:
                        yield from self.shown(case, look, pattern, ratio)
                        continue
                    for metric in ("iou", "retention"):
                        yield look.undefined(metric, ALONE)

    def made(self, case: Case, samples: Sequence[Sample], ratio: float) -> Tensor:
        """Return a pattern (1, C, side, side) in -1..1 that misleads on some images."""
        spread = samples[:: -(-len(samples) // self.images)]
        windows = [self.subject(case, sample) for sample in spread]
        stream = generator(case.audit.seed, self.name, [one.id for one in spread], ratio)
        side = (1, spread[0].shape[0], self.side_px, self.side_px)
        pattern = (2 * torch.rand(side, generator=stream) - 1).to(case.audit.device)
        direction = torch.zeros_like(pattern)
        for turn in range(self.rounds):
            for window in windows:
                slope = self.slope(case, window, pattern, ratio)
                direction = 0.75 * direction + slope
                pattern = (pattern + direction.sign() / (turn + 1)).clamp(-1, 1)
        return pattern

    def slope(self, case: Case, one: AttackedWindow, pattern: Tensor, ratio: float) -> Tensor:
        """Return the direction in which a pattern does more harm to one image."""
        free = pattern.clone().requires_grad_(True)  # noqa: FBT003 (torch takes it by position)
        logits = case.logits(changed(one, free, ratio))
        if not logits.requires_grad:
            return torch.zeros_like(pattern)
        (slope,) = torch.autograd.grad(masked(logits, one.truth, 0.0), free)
        return slope / slope.abs().mean().clamp_min(torch.finfo(torch.float32).tiny)

    def shown(self, case: Case, look: Look, pattern: Tensor, ratio: float) -> Iterator[Measurement]:
        """Yield what is left of the overlap of one image that the pattern has not seen."""
        one = self.subject(case, look.sample)
        radius = one.radius({"noise_ratio": ratio})
        before = one.iou(case.predict(one.image).labels)
        after = one.iou(case.predict(changed(one, pattern, ratio)).labels)
        yield told(look.row("iou", after), radius)
        share = after / before if before else None
        yield told(look.row("retention", share, why=LOST), radius)

    def subject(self, case: Case, sample: Sample) -> AttackedWindow:
        """Return the window of a sample."""
        assert sample.mask is not None
        image = torch.from_numpy(sample.image()).to(case.audit.device)
        mask = torch.from_numpy(sample.mask()).to(case.audit.device)
        return self.cut(case, image, mask)


def changed(one: AttackedWindow, pattern: Tensor, ratio: float) -> Tensor:
    """Return a window with a pattern added, within the image's bounds."""
    height, width = one.image.shape[-2:]
    added = ratio * one.noise * pattern[..., :height, :width]
    return (one.image + added).clamp(one.low, one.high)


def halved(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Return halves that share no movie, or the first and the last frames of a lone one."""
    groups = sorted({sample.group for sample in samples})
    if len(groups) > 1:
        first = set(groups[::2])
        return [s for s in samples if s.group in first], [
            s for s in samples if s.group not in first
        ]
    ordered = sorted(samples, key=lambda sample: (sample.frame, sample.id))
    return ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :]
