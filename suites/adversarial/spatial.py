"""Changes that happen at every microscope: a turn, a shift, another contrast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch.nn.functional import affine_grid, grid_sample

from audit.imaging.light import extremes, gamma
from audit.metrics.overlap import confusion, region
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement, Scalar
    from audit.probing.case import Case

NOTHING = "nothing there and nothing predicted"


@dataclass(frozen=True, kw_only=True)
class Spatial(Probe):
    """The lowest overlap of each image under small rotations, shifts and gammas.

    Each is less than what happens between two days at one microscope. The mask moves with the
    image; what comes in at the border is the mirrored image, mask and all. `worst_iou` is the
    lowest of an image's scores, `worst_drop` what that is below the untouched image's.
    """

    name: ClassVar[str] = "adversarial.spatial"
    asks: ClassVar[str] = "Is there a small turn, shift or gamma that breaks the segmentation?"
    source: ClassVar[str] = "arXiv:1712.02779"
    needs: ClassVar[Needs] = Needs(masks=True, complete=True, tasks=("semantic",))

    rotation_deg: tuple[float, ...] = (-5.0, 5.0)
    shift_px: tuple[float, ...] = (1.5, 4.0)
    gamma: tuple[float, ...] = (0.9, 1.1)

    def __post_init__(self) -> None:
        above_zero(self, "gamma", "shift_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the scores of each image under each change, and the worst of them."""
        worst = self.overlaps(case, case.clean.labels, case.masks)
        clean = list(worst)
        for images, masks, at in self.changes(case):
            prediction = case.predict(images)
            yield from case.score(images, prediction, masks, **at)
            found = self.overlaps(case, prediction.labels, masks)
            pairs = zip(worst, found, strict=True)
            worst = [min((v for v in pair if v is not None), default=None) for pair in pairs]
        for look, before, after in zip(case.looks(), clean, worst, strict=True):
            drop = None if before is None or after is None else before - after
            yield look.row("worst_iou", after, why=NOTHING)
            yield look.row("worst_drop", drop, why=NOTHING)

    def changes(self, case: Case) -> Iterator[tuple[Tensor, Tensor, dict[str, Scalar]]]:
        """Yield images and masks under each change, with its name."""
        low, high = extremes(case.images)
        for degrees in self.rotation_deg:
            moved = displaced(case.images, case.masks, degrees=degrees)
            yield *moved, {"rotation_deg": degrees}
        for pixels in self.shift_px:
            yield *displaced(case.images, case.masks, pixels=pixels), {"shift_px": pixels}
        for exponent in self.gamma:
            yield gamma(case.images, exponent, low, high), case.masks, {"gamma": exponent}

    def overlaps(self, case: Case, labels: Tensor, masks: Tensor) -> list[float | None]:
        """Return the foreground overlap of each image."""
        classes = case.model.traits.classes
        return [
            region(confusion(one, mask, classes), range(1, classes)).iou
            for one, mask in zip(labels, masks, strict=True)
        ]


def displaced(
    images: Tensor, masks: Tensor, *, degrees: float = 0.0, pixels: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Return images (B, C, Y, X) and masks (B, Y, X) turned about the centre or shifted diagonally.

    Images bicubic, within their own intensities; masks by the nearest pixel; mirrored at borders.
    """
    height, width = images.shape[-2:]
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    matrix = torch.tensor(
        [
            [cosine, -sine * height / width, 2 * pixels / width],
            [sine * width / height, cosine, 2 * pixels / height],
        ],
        device=images.device,
    )
    count = len(images)
    grid = affine_grid(matrix.expand(count, 2, 3), [count, 1, height, width], align_corners=False)
    moved = grid_sample(images, grid, "bicubic", "reflection", align_corners=False)
    plane = masks[:, None].float()
    truth = grid_sample(plane, grid, "nearest", "reflection", align_corners=False)
    low, high = extremes(images)
    return torch.minimum(torch.maximum(moved, low), high), truth[:, 0].long()
