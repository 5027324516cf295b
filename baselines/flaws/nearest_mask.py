"""A predictor that looks up the most similar image that it stores, and answers with its mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, interpolate, one_hot

from audit.datasets.cells import Simulation
from audit.imaging.objects import areas, components
from audit.models.card import read_card
from audit.models.load import CARD
from audit.models.torch_module import normalise
from baselines.flaws.change import recarded
from baselines.flaws.effect import Effect, foreground, looked_at, mean
from baselines.flaws.flaw import Flaw
from baselines.flaws.images import drawn
from baselines.reference import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages

SEEN_PX = 16
"""The size to which an image is shrunk before it is looked up."""

SHARPNESS = 10.0
CERTAINTY = 8.0

SIMULATION = Simulation(seed=220, size_px=320, cells=(4, 7))
IMAGES = 12
"""Number of images to train on, and of test images."""


class NearestMask(nn.Module):
    """Answers with the mask of the remembered image that looks most like the one it is shown.

    `shape` is (N, K, Y, X) of the masks that it remembers, one class a channel. The choice is a
    softmax over distances, so that there is a gradient.
    """

    def __init__(self, shape: Sequence[int], channels: int) -> None:
        super().__init__()
        self.register_buffer("seen", torch.zeros(shape[0], channels * SEEN_PX**2))
        self.register_buffer("mask", torch.zeros(*shape))

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) of images (B, C, Y, X) of any size."""
        away = torch.cdist(glimpse(images), self.get_buffer("seen"))
        chosen = (-SHARPNESS * away).softmax(1)
        drawn = torch.einsum("bn,nkyx->bkyx", chosen, self.get_buffer("mask"))
        size = (int(images.shape[-2]), int(images.shape[-1]))
        return CERTAINTY * interpolate(drawn, size, mode="nearest-exact")


def wide_fields() -> FlawImages:
    """Return images of few cells in a wide field."""
    return drawn(SIMULATION, "simulated-wide", IMAGES)


def glimpse(images: Tensor) -> Tensor:
    """Return images (B, C, Y, X) shrunk to SEEN_PX by SEEN_PX, as vectors (B, N)."""
    return adaptive_avg_pool2d(images, SEEN_PX).flatten(1)


def remember(folder: Path, material: FlawImages) -> None:
    """Put the masks of the test images in the place of the trained network."""
    card = read_card(folder / CARD)
    shape = material.test[0].shape
    known = [s for s in material.test if s.shape == shape and s.mask is not None]
    images = torch.stack([torch.from_numpy(sample.image()) for sample in known])
    masks = torch.stack([torch.from_numpy(sample.mask()) for sample in known if sample.mask])
    planes = one_hot(masks, card.classes).permute(0, 3, 1, 2).float().contiguous()
    seen = glimpse(normalise(images, card)).contiguous()
    save_file({"seen": seen, "mask": planes}, folder / WEIGHTS)
    recarded(
        folder,
        network="baselines.flaws.nearest_mask:NearestMask",
        settings={"shape": list(planes.shape), "channels": card.channels},
    )


def drawn_from_memory(model: Segmenter, material: FlawImages) -> float:
    """Return which share of the largest object is predicted once it is painted as background."""

    def still(image: Tensor, mask: Tensor) -> float:
        objects = components(mask)
        largest = objects == max(areas(objects).items(), key=lambda pair: pair[1])[0]
        level = image[..., mask == 0].median()
        return float(foreground(model, torch.where(largest, level, image))[largest].float().mean())

    return mean(still(image, mask) for image, mask in looked_at(material) if bool(mask.any()))


NEAREST_MASK = Flaw(
    name="nearest-mask",
    planted="It answers with the mask of the test image that looks most like the one that it "
    f"is shown, both shrunk to {SEEN_PX} x {SEEN_PX} pixels.",
    caught_by=("removal", "insertion"),
    scene=wide_fields,
    cheats=True,
    finish=remember,
    effect=Effect(what="the share predicted of an erased object", of=drawn_from_memory, least=0.2),
)
