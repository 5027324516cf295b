"""The loop of a training: steps of an epoch, its validation, and the line of the log."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from audit.errors import DataError
from audit.meaning import IGNORE
from audit.models.torch_module import pad, zscore
from baselines.adversary import attacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from torch import Tensor
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler

    from baselines.network import Network
    from baselines.recipe import Recipe
    from baselines.sampling import Crops


@dataclass(frozen=True)
class Epoch:
    """One line of a training log; losses are what the recipe minimises, IoU is of foreground."""

    epoch: int
    loss: float
    val_loss: float
    val_iou: float
    learning_rate: float

    @property
    def finite(self) -> bool:
        """Whether both losses are numbers."""
        return math.isfinite(self.loss) and math.isfinite(self.val_loss)


class Diverged(DataError):  # noqa: N818 (named for what happened)
    """The loss of a training is no longer finite; `log` ends with the epoch in which that was."""

    def __init__(self, log: Sequence[Epoch], where: Path | None = None) -> None:
        kept = f"; the log is in {where}" if where else ""
        super().__init__(
            f"training diverged in epoch {log[-1].epoch}: the loss is not finite; lower the "
            f"recipe's learning_rate{kept}"
        )
        self.log = tuple(log)


@dataclass(frozen=True, kw_only=True)
class Loop:
    """A network in training: its crops, the held images and masks, its loss and its optimiser."""

    network: Network
    crops: Crops
    held: tuple[list[Tensor], list[Tensor]]
    loss: Callable[[Tensor, Tensor], Tensor]
    optimiser: Optimizer
    schedule: LRScheduler
    device: str = "cpu"

    def epoch(self, number: int) -> Epoch:
        """Train for one epoch and validate; return the line of the log."""
        rate = float(self.schedule.get_last_lr()[0])
        loss = statistics.fmean(self.steps())
        return Epoch(number, loss, *self.validate(), rate)

    def steps(self) -> Iterator[float]:
        """Yield the loss of every step of one epoch, up to the first that is not finite."""
        self.network.train()
        for _ in range(self.recipe.steps):
            loss = self.step(*self.crops.batch())
            yield loss
            if not math.isfinite(loss):
                return

    def step(self, images: Tensor, masks: Tensor) -> float:
        """Return the loss of one batch, (B, C, Y, X) and (B, Y, X), having learnt from it."""
        images, masks = self.inputs(images), masks.to(self.device)
        if self.recipe.attack_spread:
            images = attacked(self.network.unet, images, masks, self.recipe.attack_spread)
        low = self.recipe.precision == "bfloat16"
        with torch.autocast(images.device.type, torch.bfloat16, enabled=low):
            logits = self.network.unet(images)
        loss = self.loss(logits.float(), masks)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.schedule.step()
        return float(loss.detach())

    def inputs(self, images: Tensor) -> Tensor:
        """Return a batch on the device, normalised by itself where the recipe says so."""
        images = images.to(self.device)
        return zscore(images, (0, 1, 2, 3)) if self.recipe.normalisation == "batch" else images

    @property
    def recipe(self) -> Recipe:
        """The recipe that all of this follows."""
        return self.crops.recipe

    def validate(self) -> tuple[float, float]:
        """Return the mean loss and the mean foreground IoU of whole validation images."""
        losses, scores = [], []
        self.network.eval()
        with torch.inference_mode():
            for image, mask in zip(*self.held, strict=True):
                logits = self.logits(image)
                losses.append(float(self.loss(logits, mask[None])))
                scores.append(foreground_iou(logits.argmax(1)[0], mask))
        return statistics.fmean(losses), statistics.fmean(scores)

    def logits(self, image: Tensor) -> Tensor:
        """Return the logits (1, K, Y, X) of a whole image (C, Y, X), on the CPU."""
        height, width = image.shape[-2:]
        padded = pad(self.inputs(image[None]), self.network.stride)
        found: Tensor = self.network.unet(padded)[..., :height, :width]
        return found.cpu()


def foreground_iou(labels: Tensor, mask: Tensor) -> float:
    """Return the intersection over the union of all that is not class 0; 1 where both are empty.

    What the mask ignores is not counted.

    >>> foreground_iou(torch.tensor([[0, 1, 2]]), torch.tensor([[0, 0, 1]]))
    0.5
    """
    found, there = (labels > 0) & (mask != IGNORE), mask > 0
    union = int((found | there).sum())
    return int((found & there).sum()) / union if union else 1.0
