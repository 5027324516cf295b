"""The training of a reference network, seeded and logged."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from audit.errors import DataError
from audit.models.source import build
from baselines.loop import Diverged, Epoch, Loop
from baselines.losses import find_loss
from baselines.network import Network
from baselines.optimiser import find_optimiser, find_schedule
from baselines.preparation import describe, prepare
from baselines.sampling import Crops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from torch import Tensor

    from audit.datasets.sample import Sample
    from audit.models.card import Card
    from baselines.recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A trained network: its card, its best and last weights, and its log."""

    network: Network
    card: Card
    best: dict[str, Tensor]
    last: dict[str, Tensor]
    log: tuple[Epoch, ...]


def train(
    training: Sequence[Sample],
    validation: Sequence[Sample],
    recipe: Recipe,
    *,
    seed: int = 0,
    device: str = "cpu",
    say: Callable[[Epoch, int], None] = lambda *_: None,
) -> Trained:
    """Return a network trained by the recipe; the best weights are those of lowest validation loss.

    Samples must have masks. Raises DataError where they have none, or hold a single class, and
    Diverged where the loss stops being finite.
    """
    learn, check = ([s for s in part if s.mask is not None] for part in (training, validation))
    if not learn or not check:
        raise DataError("training needs images with masks for training and for validation")
    card = describe(learn, recipe)
    network = untrained(recipe, card, seed).to(device)
    stream = torch.Generator().manual_seed(seed)
    crops = Crops(*prepare(learn, recipe, card, network), recipe, stream)
    optimiser = find_optimiser(recipe, network)
    loop = Loop(
        network=network,
        crops=crops,
        held=prepare(check, recipe, card, network),
        loss=find_loss(recipe.loss, crops.masks, card.classes),
        optimiser=optimiser,
        schedule=find_schedule(recipe, optimiser),
        device=device,
    )
    with seeded(seed, device):
        best, log = fit(loop, recipe, say)
    return Trained(network=network, card=card, best=best, last=state(network), log=tuple(log))


def untrained(recipe: Recipe, card: Card, seed: int) -> Network:
    """Return the recipe's network with the initial weights that a seed gives."""
    with seeded(seed):
        network = build(recipe.network, card.settings, None).module
    assert isinstance(network, Network)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


@contextmanager
def seeded(seed: int, device: str = "cpu") -> Iterator[None]:
    """Seed torch's global random numbers within a block: initial weights and dropout use them."""
    with torch.random.fork_rng(devices=[] if device == "cpu" else [torch.device(device)]):
        torch.manual_seed(seed)
        yield


def fit(
    loop: Loop, recipe: Recipe, say: Callable[[Epoch, int], None]
) -> tuple[dict[str, Tensor], list[Epoch]]:
    """Train a network in place; return its best weights and the log.

    Training ends early when the validation loss has not fallen for the recipe's `patience`.
    """
    best, log, lowest = state(loop.network), list[Epoch](), math.inf
    waited = 0
    for number in range(recipe.epochs):
        epoch = loop.epoch(number)
        log.append(epoch)
        if not epoch.finite:
            raise Diverged(log)
        say(epoch, recipe.epochs)
        waited = 0 if epoch.val_loss < lowest else waited + 1
        if not waited:
            best, lowest = state(loop.network), epoch.val_loss
        if waited == recipe.patience:
            break
    return best, log


def state(network: Network) -> dict[str, Tensor]:
    """Return a copy of the weights, on the CPU."""
    return {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in network.state_dict().items()
    }
