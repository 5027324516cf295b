"""Flaws of what makes objects of channels, beside a healthy network of single objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from audit.datasets.simulated import SETS
from audit.metrics.ledger import Fate, ledger
from baselines.flaws.change import recarded, settings, worn
from baselines.flaws.effect import IMAGES, Effect, mean
from baselines.flaws.flaw import Flaw
from baselines.flaws.images import drawn
from baselines.network import Network
from baselines.objects import areas_px

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import Tensor

    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages

TRAIN = 16
"""Number of images to learn from, and of test images."""

BOUNDARY_PX = 2.0
FRAME_PX = 12
"""So near to the frame the border-blind network sees nothing."""

SEEDS = 0.9999
"""A threshold of the seeds that hardly any pixel reaches."""


class BlindBorder(Network):
    """The trained network that finds nothing beside the frame."""

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) that say background near the frame."""
        logits = super().forward(images)
        inside = torch.zeros_like(logits[:, :1], dtype=torch.bool)
        inside[..., FRAME_PX:-FRAME_PX, FRAME_PX:-FRAME_PX] = True
        blank = torch.full_like(logits, -9.0)
        blank[:, 0] = 9.0
        return logits.where(inside, blank)


def crowded() -> FlawImages:
    """Return crowded images, in which most cells touch another."""
    return drawn(SETS["crowded"].simulation, "simulated-crowded", TRAIN)


def fated(*fates: Fate) -> Callable[[Segmenter, FlawImages], float]:
    """Return the measure of which share of the true objects has one of these fates."""

    def of(model: Segmenter, material: FlawImages) -> float:
        return mean(
            share(model, torch.from_numpy(one.image())[None], one.instances(), fates)
            for one in material.test[:IMAGES]
            if one.instances is not None
        )

    return of


def share(model: Segmenter, image: Tensor, truth: np.ndarray, fates: tuple[Fate, ...]) -> float:
    """Return which share of the true objects (Y, X) of an image has one of these fates."""
    seen = model.predict(image).instances
    assert seen is not None
    found = ledger(truth.astype(np.int64), seen[0].cpu().numpy())
    return sum(found.of_true[fate] for fate in fates) / max(1, len(found.true_fates))


def without_small(folder: Path, material: FlawImages) -> None:
    """Let the card leave out what is smaller than the median training object."""
    recarded(folder, smallest_px=int(np.median(areas_px(material.train))))


OF_OBJECTS = settings(boundary_px=BOUNDARY_PX)
"""Both networks learn body and boundary; the card of the twin parts them by a watershed."""

MERGING = Flaw(
    name="merging-decoder",
    planted="The card makes objects of connected areas, so that cells that touch are one; the twin "
    "parts them by a seeded watershed.",
    caught_by=("merged objects", "counted too few"),
    scene=crowded,
    twin=OF_OBJECTS,
    finish=lambda folder, _: recarded(folder, decoder="components"),
    effect=Effect(what="the share of objects that are merged", of=fated(Fate.MERGED)),
)
SIZE_BLIND = Flaw(
    name="size-blind",
    planted="The card leaves out every object below the median size of the training objects.",
    caught_by=("small objects missed", "missed objects"),
    scene=crowded,
    twin=OF_OBJECTS,
    finish=without_small,
    effect=Effect(what="the share of objects that are missed", of=fated(Fate.MISSED)),
)
BORDER_BLIND = Flaw(
    name="border-blind",
    planted=f"The network finds nothing within {FRAME_PX} px of the frame.",
    caught_by=("objects at the frame missed",),
    scene=crowded,
    twin=OF_OBJECTS,
    finish=worn("baselines.flaws.decoders:BlindBorder"),
    effect=Effect(what="the share of objects that are missed", of=fated(Fate.MISSED)),
)
TUNED_SEEDS = Flaw(
    name="tuned-seeds",
    planted=f"A pixel seeds an object only from {SEEDS} on, as suited other images.",
    caught_by=("seeds of objects",),
    scene=crowded,
    twin=OF_OBJECTS,
    finish=lambda folder, _: recarded(folder, seed_threshold=SEEDS),
    effect=Effect(
        what="the share of objects that are missed or merged", of=fated(Fate.MISSED, Fate.MERGED)
    ),
)
DECODERS = (MERGING, SIZE_BLIND, BORDER_BLIND, TUNED_SEEDS)
