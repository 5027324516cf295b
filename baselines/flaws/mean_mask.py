"""A predictor that never looks at the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import interpolate

from baselines.flaws.change import recarded
from baselines.flaws.effect import Effect, apart, foreground, looked_at, mean
from baselines.flaws.flaw import Flaw
from baselines.reference import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages


class StuckMask(nn.Module):
    """Predicts at each pixel how often it was foreground in training masks, whatever the image."""

    def __init__(self, shape: Sequence[int]) -> None:
        super().__init__()
        self.register_buffer("logit", torch.zeros(1, 1, *shape))

    def forward(self, images: Tensor) -> Tensor:
        """Return one logit (B, 1, Y, X), above 0 on the mean area of the training masks."""
        size = (int(images.shape[-2]), int(images.shape[-1]))
        fitted = interpolate(self.get_buffer("logit"), size, mode="bilinear", align_corners=False)
        # The image enters times zero, so that torch can give its gradient: zero.
        return fitted.expand(len(images), -1, -1, -1) + 0 * images[:, :1]


def forget_the_image(folder: Path, material: FlawImages) -> None:
    """Put the mean training mask in the place of the trained network."""
    masks = [sample.mask() > 0 for sample in material.train if sample.mask is not None]
    mean = np.mean(masks, 0)
    level = np.quantile(mean, 1 - mean.mean())
    spread = float(mean.std()) or 1.0
    logit = torch.from_numpy(((mean - level) / spread - 1e-3).astype(np.float32))
    save_file({"logit": logit[None, None].contiguous()}, folder / WEIGHTS)
    recarded(
        folder,
        network="baselines.flaws.mean_mask:StuckMask",
        settings={"shape": list(logit.shape)},
        output="sigmoid-logits",
    )


def drawn_unseen(model: Segmenter, material: FlawImages) -> float:
    """Return which part of the foreground stays as it is when a blank image is shown instead."""
    return mean(
        1 - apart(foreground(model, image), foreground(model, 0 * image + image.median()))
        for image, _ in looked_at(material)
        if bool(foreground(model, image).any())
    )


MEAN_MASK = Flaw(
    name="mean-mask",
    planted="Whatever the image, it answers with the mean of the training masks.",
    caught_by=("constant prior",),
    finish=forget_the_image,
    effect=Effect(
        what="the foreground that is also found in a blank image", of=drawn_unseen, least=0.5
    ),
)
