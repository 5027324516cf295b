"""How much foreground there is, and how much is predicted whatever the image shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.metrics.overlap import Overlap
from audit.probing.probe import Needs, Probe, above_zero
from audit.tasks.semantic import ABSENT, PARTIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.models.segmenter import Prediction
    from audit.probing.case import Case
    from audit.probing.look import Look

NEAR = 1.5
"""A tile belongs to a prevalence when it holds at most so many times more, or less, foreground."""

NO_TILE = "no tile of this image holds so much foreground"
SILENT = "no foreground was predicted"
SAME = "the same is predicted at every pixel"


@dataclass(frozen=True, kw_only=True)
class Prevalence(Probe):
    """Recall and precision on tiles that hold a multiple of the image's share of foreground.

    Each tile is shown alone; `recall_lost` is what its objects' recall was higher by inside the
    whole image: the same pixels, so only their surroundings differ. `constant_prior_fraction` is
    the share of the variance of the prediction that a fixed map explains: the mean prediction for
    the image rolled by half a field, which shows what is drawn wherever the objects are.
    """

    name: ClassVar[str] = "imbalance.prevalence"
    asks: ClassVar[str] = "Does the model find foreground where there is little, or much?"
    source: ClassVar[str] = "doi:10.1371/journal.pmed.1002683"
    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(masks=True)

    multiple: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0, 10.0)
    tile_px: int = 128
    tiles: int = 6

    def __post_init__(self) -> None:
        above_zero(self, "multiple", "tile_px", "tiles")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image's tiles at each prevalence, and its constant prior."""
        places = grid(case.images, self.tile_px)
        for look in case.looks():
            truth = cut(look.mask > 0, places)
            shares = truth.float().mean((1, 2))
            whole = float((look.mask > 0).float().mean())
            for multiple in self.multiple:
                chosen = nearest(shares, multiple * whole, self.tiles)
                here = look.at(multiple=multiple)
                yield from self.shown(case, here, [places[one] for one in chosen])
            yield self.prior(case, look)

    @staticmethod
    def shown(case: Case, look: Look, places: list[tuple[slice, slice]]) -> Iterator[Measurement]:
        """Yield the scores of some tiles, alone and inside their image."""
        if not places:
            for metric in ("recall", "precision", "recall_lost", "prevalence_fraction"):
                yield look.undefined(metric, NO_TILE)
            return
        truth = cut(look.mask, places) > 0
        known = cut(look.known, places)
        alone = (case.predict(cut(look.image, places).movedim(0, 1)).labels > 0) & known
        inside = (cut(look.labels, places) > 0) & known
        yield from scored(overlap(truth, alone), overlap(truth, inside), look)
        share = float(truth.float().mean())
        yield look.row("prevalence_fraction", share, weight=truth.numel())

    @staticmethod
    def prior(case: Case, look: Look) -> Measurement:
        """Return the share of one image's prediction that does not depend on where things are."""
        image = look.image[None]
        half_y, half_x = image.shape[-2] // 2, image.shape[-1] // 2
        rolls = [(half_y, 0), (0, half_x), (half_y, half_x)]
        elsewhere = [foreground(case.predict(image.roll(by, (-2, -1))))[0] for by in rolls]
        share = explained(foreground(case.clean)[look.number], torch.stack(elsewhere).mean(0))
        return look.row("constant_prior_fraction", share, why=SAME)


def scored(alone: Overlap, inside: Overlap, look: Look) -> Iterator[Measurement]:
    """Yield recall and precision of tiles alone, and the recall lost by being alone."""
    yield look.row("recall", alone.recall, weight=alone.truth, why=ABSENT)
    known = look.sample.complete and alone.predicted
    precision = alone.intersection / alone.predicted if known else None
    why = SILENT if look.sample.complete else PARTIAL
    yield look.row("precision", precision, weight=alone.predicted, why=why)
    lost = None
    if alone.recall is not None and inside.recall is not None:
        lost = inside.recall - alone.recall
    yield look.row("recall_lost", lost, weight=alone.truth, why=ABSENT)


def grid(images: Tensor, tile_px: int) -> list[tuple[slice, slice]]:
    """Return the places of tiles that overlap by half, each at most half as wide as the image."""
    starts = []
    for length in images.shape[-2:]:
        side = min(tile_px, max(1, length // 2))
        step = max(1, side // 2)
        starts.append([slice(at, at + side) for at in range(0, length - side + 1, step)])
    return [(rows, columns) for rows in starts[0] for columns in starts[1]]


def cut(planes: Tensor, places: list[tuple[slice, slice]]) -> Tensor:
    """Return tiles (..., Y, X) of planes stacked before the last two axes."""
    return torch.stack([planes[(..., *place)] for place in places], -3)


def nearest(shares: Tensor, target: float, count: int) -> list[int]:
    """Return the tiles whose share of foreground is nearest a target, the nearest first.

    >>> nearest(torch.tensor([0.0, 0.1, 0.2, 0.11]), 0.1, 2)
    [1, 3]
    """
    far = {
        number: abs(math.log(share / target))
        for number, share in enumerate(shares.tolist())
        if share > 0 and target > 0
    }
    near = [number for number in sorted(far, key=far.__getitem__) if far[number] <= math.log(NEAR)]
    return near[:count]


def overlap(truth: Tensor, predicted: Tensor) -> Overlap:
    """Return the pixel counts of tiles together."""
    return Overlap(
        intersection=int((truth & predicted).sum()),
        truth=int(truth.sum()),
        predicted=int(predicted.sum()),
    )


def foreground(prediction: Prediction) -> Tensor:
    """Return the foreground (B, Y, X): its probability, or 0 and 1 where there is none."""
    if prediction.probabilities is None:
        return (prediction.labels > 0).float()
    return 1 - prediction.probabilities[:, 0]


def explained(shown: Tensor, fixed: Tensor) -> float | None:
    """Return the share of the variance of one map that another explains, None without variance.

    The squared correlation, 0 where it is negative.

    >>> explained(torch.tensor([[0.0, 1.0]]), torch.tensor([[0.2, 0.4]]))
    1.0
    """
    one, other = (plane.double() - plane.double().mean() for plane in (shown, fixed))
    if float(one.abs().max()) < 1e-6:  # noqa: PLR2004 (what rounding leaves of a constant)
        return None
    power = float((one**2).sum() * (other**2).sum())
    both = max(0.0, float((one * other).sum()))
    return min(1.0, round(both**2 / power, 12)) if power > 0 else 0.0
