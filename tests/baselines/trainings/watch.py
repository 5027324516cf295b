"""A training that is watched from outside its log: the loss on many hidden images, along the way.

A sight is taken after some epochs and never logged. It holds the mean loss of the images, each
whole and unvaried: of the hidden ones as the network is used (running averages), of the training
images as the optimiser sees them (the statistics of the batch).
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from baselines.loop import Diverged, Epoch, Loop, foreground_iou
from baselines.losses import find_loss
from baselines.optimiser import find_optimiser, find_schedule
from baselines.preparation import describe, prepare
from baselines.sampling import Crops
from baselines.training import fit, untrained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audit.datasets.sample import Sample
    from baselines.recipe import Recipe

Pictures = tuple[Tensor, Tensor]
"""Images (B, C, Y, X) of one size, and their masks (B, Y, X)."""

MOST_TRAINING_IMAGES = 40
"""Of so many training images at most a sight takes the loss."""


@dataclass(frozen=True)
class Sight:
    """The mean losses on the hidden and on the training images after an epoch."""

    epoch: int
    hidden: float
    training: float


@dataclass(frozen=True, kw_only=True)
class WatchedLoop(Loop):
    """The house's loop, its validation in one batch, and sights after the epochs in `places`.

    Only the first epochs are `logged`; of later ones the validation losses are left at zero.
    """

    hidden: Pictures
    learnt: Pictures
    places: frozenset[int]
    logged: int
    sights: list[Sight] = field(default_factory=list)

    def epoch(self, number: int) -> Epoch:
        """Train for one epoch and validate; look at the network where that is wanted."""
        held = self.held if number < self.logged else ([], [])
        line = replace(self, held=held).unwatched(number)
        if number in self.places:
            self.sights.append(Sight(number, *self.sight()))
        return line

    def unwatched(self, number: int) -> Epoch:
        """Return what the house's loop does in an epoch."""
        return super().epoch(number)

    def validate(self) -> tuple[float, float]:
        """Return what the house's loop returns, of images that have one size; 0, 0 of none."""
        if not self.held[0]:
            return 0.0, 0.0
        self.network.eval()
        images, masks = stacked(self.held)
        with torch.inference_mode():
            logits = self.network.unet(images)
            labels = logits.argmax(1)
        scores = [foreground_iou(*pair) for pair in zip(labels, masks, strict=True)]
        return mean_loss(self.loss, logits, masks), statistics.fmean(scores)

    def sight(self) -> tuple[float, float]:
        """Return the mean losses on hidden and on training images; the network stays as it is."""
        with torch.inference_mode():
            self.network.eval()
            hidden = mean_loss(self.loss, self.network.unet(self.hidden[0]), self.hidden[1])
            for layer in norms(self.network):
                layer.train()
                layer.momentum = 0.0
            learnt = mean_loss(self.loss, self.network.unet(self.learnt[0]), self.learnt[1])
        for layer in norms(self.network):
            layer.momentum = 0.1
        return hidden, learnt


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A training's log, its sights, and the loss of who knows the classes' shares alone."""

    log: tuple[Epoch, ...]
    sights: tuple[Sight, ...]
    chance: float

    @property
    def on_log(self) -> tuple[Sight, ...]:
        """The sights of epochs that were logged."""
        return tuple(one for one in self.sights if one.epoch < len(self.log))

    @property
    def beyond(self) -> tuple[Sight, ...]:
        """The sights of later epochs."""
        return self.sights[len(self.on_log) :]


def watched(
    training: Sequence[Sample],
    validation: Sequence[Sample],
    hidden: Sequence[Sample],
    recipe: Recipe,
    *,
    seed: int,
    epochs: int,
    logged: int,
    places: frozenset[int],
) -> Watched:
    """Return so many epochs of a training by the house's loop, the first of them logged.

    One that diverged ends there.
    """
    # One or two training images need not hold every class that the hidden ones do.
    card = describe((*training, *hidden), recipe)
    network = untrained(recipe, card, seed)
    crops = Crops(
        *prepare(training, recipe, card, network), recipe, torch.Generator().manual_seed(seed)
    )
    optimiser = find_optimiser(recipe, network)
    loss = find_loss(recipe.loss, crops.masks, card.classes)
    loop = WatchedLoop(
        network=network,
        crops=crops,
        held=prepare(validation, recipe, card, network),
        loss=loss,
        optimiser=optimiser,
        schedule=find_schedule(recipe, optimiser),
        hidden=stacked(prepare(hidden, recipe, card, network)),
        learnt=stacked((crops.images[:MOST_TRAINING_IMAGES], crops.masks[:MOST_TRAINING_IMAGES])),
        places=places,
        logged=logged,
    )
    try:
        # The schedule is that of the whole recipe, however early it is stopped.
        _, log = fit(loop, recipe.model_copy(update={"epochs": epochs}), lambda *_: None)
    except Diverged as diverged:
        log = list(diverged.log)
    return Watched(
        log=tuple(log[:logged]),
        sights=tuple(loop.sights),
        chance=chance(loss, loop.hidden[1], card.classes),
    )


def chance(loss: Callable[[Tensor, Tensor], Tensor], masks: Tensor, classes: int) -> float:
    """Return the mean loss where each pixel is given the classes' shares among all pixels."""
    shares = torch.bincount(masks.reshape(-1), minlength=classes) / masks.numel()
    logits = shares.clamp_min(1e-6).log()[None, :, None, None]
    return mean_loss(loss, logits.expand(len(masks), -1, *masks.shape[-2:]), masks)


def mean_loss(loss: Callable[[Tensor, Tensor], Tensor], logits: Tensor, masks: Tensor) -> float:
    """Return the mean over images of the loss of each."""
    each = range(len(masks))
    return statistics.fmean(float(loss(logits[i : i + 1], masks[i : i + 1])) for i in each)


def stacked(pairs: tuple[Sequence[Tensor], Sequence[Tensor]]) -> Pictures:
    """Return images and masks of one size as batches."""
    images, masks = pairs
    batch = torch.stack(list(images))
    return batch.contiguous(memory_format=torch.channels_last), torch.stack(list(masks))


def norms(network: nn.Module) -> Iterator[nn.BatchNorm2d]:
    """Yield the layers that normalise over the batch."""
    return (layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d))
