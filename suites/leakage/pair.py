"""A test image that copies a training image: what was done to the copy, and both side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from audit.imaging.overlay import contrast, encode, shades_of, shown_size, shrink
from audit.imaging.registration import turned
from audit.measurement import Measurement

if TYPE_CHECKING:
    from audit.datasets.sample import Sample
    from audit.measurement import Picture

KINDS = (
    "identical",
    "re-encoded",
    "rescaled",
    "turned",
    "cropped",
    "neighbouring frame",
    "same movie",
)
"""What the copy is of its original; turned stands for flipped as well."""

NEXT_FRAMES = 1
GAP_PX = 4
WHITE = 255.0


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A test image, the training image that it is most like, how alike, and what became of it."""

    test: Sample
    train: Sample
    correlation: float
    turn: int = 0
    kinds: tuple[str, ...] = ()

    def row(self) -> Measurement:
        """Return the pair as a finding of its own, with a picture of both."""
        at = {"image": self.test.id, "twin": self.train.id, "kind": " + ".join(self.kinds)}
        return Measurement("pair_correlation", self.correlation, None, at, 1.0, None, self.picture)

    def picture(self) -> Picture:
        """Return the test image, turned as its twin lies, beside the training image."""
        images = [torch.from_numpy(one.image()) for one in (self.test, self.train)]
        images[0] = turned(images[0], self.turn)
        shown = [
            contrast(shrink(image.mean(0)[None], shown_size(*image.shape[1:])), shades_of(image))
            for image in images
        ]
        height = max(one.shape[1] for one in shown)
        low = [torch.nn.functional.pad(one, (0, 0, 0, height - one.shape[1])) for one in shown]
        gap = torch.full((1, height, GAP_PX), WHITE)
        return encode(torch.cat([low[0], gap, low[1]], 2).repeat(3, 1, 1))


def in_time(test: Sample, train: Sample) -> str | None:
    """Return what two frames of one movie are to each other; None where they are of two."""
    if not test.group or test.group != train.group or test.frame == train.frame:
        return None
    near = abs(test.frame - train.frame) <= NEXT_FRAMES
    return "neighbouring frame" if near else "same movie"


def findings(pairs: list[Pair]) -> list[Measurement]:
    """Return the rows of pairs, the first of each kind first: a record keeps few pictures."""
    ranked = sorted(pairs, key=lambda one: (-one.correlation, one.test.id))
    leading = list({one.kinds: one for one in reversed(ranked)}.values())[::-1]
    led = {one.test.id for one in leading}
    return [one.row() for one in [*leading, *(one for one in ranked if one.test.id not in led)]]
