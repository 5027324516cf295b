"""Parts of the field that were not recorded: a smart microscope skips them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.light import extremes
from audit.metrics.overlap import confusion, region
from audit.models.segmenter import Prediction
from audit.probing.probe import Needs, Probe, above_zero, below
from audit.tasks.semantic import EMPTY, PARTIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look


@dataclass(frozen=True, kw_only=True)
class Blackout(Probe):
    """Overlap in what is left when tiles of the field, chosen at random, are black.

    Black is the image's darkest pixel. `iou_lost` is what the same pixels scored with the whole
    field in view, less what they score now; the share of the blackness that is called foreground
    stands beside it. A person outlines the visible cells of a half-black field as before.
    """

    name: ClassVar[str] = "shift.blackout"
    asks: ClassVar[str] = "Does a part of the field that was skipped spoil the rest?"
    source: ClassVar[str] = "doi:10.1038/s41592-022-01589-x"
    needs: ClassVar[Needs] = Needs(masks=True)

    fraction: tuple[float, ...] = (0.125, 0.25, 0.5)
    tiles_a_side: int = 4

    def __post_init__(self) -> None:
        above_zero(self, "fraction", "tiles_a_side")
        below(self, 1, "fraction")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of the visible part of each image, and what the blackness cost it."""
        for fraction in self.fraction:
            dark = self.darkened(case, fraction)
            images = torch.where(dark[:, None], extremes(case.images)[0], case.images)
            found = case.predict(images)
            left = visible(found, dark)
            yield from case.score(images, left, case.truth.masked_fill(dark, 0), fraction=fraction)
            for look, black, labels in zip(
                case.looks(fraction=fraction), dark, found.labels, strict=True
            ):
                yield from costs(look, black, labels, case.model.traits.classes)

    def darkened(self, case: Case, fraction: float) -> Tensor:
        """Return which pixels (B, Y, X) of each image are black."""
        height, width = case.images.shape[-2:]
        return torch.stack(
            [
                tiles(height, width, self.tiles_a_side, fraction, stream)
                for stream in case.generators(fraction=fraction)
            ]
        ).to(case.images.device)


def visible(found: Prediction, dark: Tensor) -> Prediction:
    """Return a prediction with background where the field (B, Y, X) is dark."""
    objects = found.instances
    return Prediction(
        labels=found.labels.masked_fill(dark, 0),
        instances=None if objects is None else objects.masked_fill(dark, 0),
    )


def costs(look: Look, dark: Tensor, labels: Tensor, classes: int) -> Iterator[Measurement]:
    """Yield what the visible part of an image lost, and what was seen in the dark (Y, X)."""
    before, after = (
        region(confusion(found[~dark], look.mask[~dark], classes), range(1, classes))
        for found in (look.labels, labels)
    )
    lost = None
    if look.sample.complete and before.iou is not None and after.iou is not None:
        lost = before.iou - after.iou
    why = EMPTY if look.sample.complete else PARTIAL
    yield look.row("iou_lost", lost, weight=after.union, why=why)
    yield look.row("dark_foreground_fraction", float((labels[dark] > 0).float().mean()))


def tiles(height: int, width: int, a_side: int, fraction: float, stream: Generator) -> Tensor:
    """Return a field (Y, X) of which so many tiles, at least one and never all, are true."""
    count = min(max(1, round(fraction * a_side**2)), a_side**2 - 1)
    grid = torch.zeros(a_side**2, dtype=torch.bool)
    grid[torch.randperm(a_side**2, generator=stream)[:count]] = True
    rows, columns = (torch.arange(size) * a_side // size for size in (height, width))
    return grid.reshape(a_side, a_side)[rows[:, None], columns]
