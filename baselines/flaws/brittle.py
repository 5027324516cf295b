"""A network that sharpens its input and never saw noise; its twin had adversarial training.

To leave augmentation out has no effect on simulated cells: under noise of twice the images' own, a
network trained without augmentation kept 0.97 of its overlap, and healthy ones 0.71, 0.98 and 0.99.
So images have little noise here, as the mean of many exposures has, and the flawed network sharpens
them, as a deconvolution does, which amplifies any noise that is added.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import avg_pool2d

from baselines.flaws.change import settings
from baselines.flaws.effect import Effect, loss_by
from baselines.flaws.flaw import Flaw
from baselines.flaws.narrow import quieted
from baselines.network import Network

if TYPE_CHECKING:
    from torch import Tensor

    from baselines.flaws.images import FlawImages

ATTACK_SPREAD = 0.2
"""Radius of the attacks that the twin is trained on, in standard deviations of an image."""

SHARPNESS = 48.0
"""Factor by which the detail finer than three pixels is added to the image (unsharp mask)."""

NOISE = 0.2
"""The noise by which the effect is measured, in standard deviations of the image."""


class Sharpened(Network):
    """The reference network behind an unsharp mask."""

    def inputs(self, working: Tensor) -> Tensor:
        """Return images (B, C, Y, X) with their finest detail amplified."""
        return working + SHARPNESS * (
            working - avg_pool2d(working, 3, 1, 1, count_include_pad=False)
        )


def quiet(material: FlawImages) -> FlawImages:
    """Return the material with hardly any noise in its images."""
    train, test = (tuple(map(quieted, part)) for part in (material.train, material.test))
    return replace(material, train=train, test=test)


def noisy(images: Tensor) -> Tensor:
    """Return images (B, C, Y, X) with white noise, the same at every call."""
    stream = torch.Generator().manual_seed(0)
    return images + NOISE * images.std() * torch.randn(images.shape, generator=stream)


BRITTLE = Flaw(
    name="brittle",
    planted=f"It amplifies fine detail {SHARPNESS + 1:g}-fold and was trained without noise or "
    "augmentation, while the twin had adversarial training.",
    caught_by=("dim light",),
    stage=quiet,
    twin=settings(attack_spread=ATTACK_SPREAD),
    recipe=settings(
        network="baselines.flaws.brittle:Sharpened",
        attack_spread=0.0,
        turns=False,
        contrast=0.0,
        noise=0.0,
    ),
    effect=Effect(what="the true area lost under faint noise", of=loss_by(noisy), least=0.05),
)
