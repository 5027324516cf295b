"""The training of a reference network, seeded and logged."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from audit.errors import DataError
from audit.imaging.resample import resample, scaled_size
from audit.models.card import Card
from audit.models.torch_module import build, normalise, pad
from baselines.adversary import attacked
from baselines.augmentation import Crops
from baselines.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audit.datasets.sample import Sample
    from baselines.recipe import Recipe

DEPTHS = (8, 12, 16)
"""Bits a pixel of common cameras."""


@dataclass(frozen=True)
class Epoch:
    """One line of a training log; losses are mean cross-entropies in nats a pixel."""

    epoch: int
    loss: float
    val_loss: float
    val_iou: float
    learning_rate: float


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

    Samples must have masks. Raises DataError where they have none, or hold a single class.
    """
    learn, check = ([s for s in part if s.mask is not None] for part in (training, validation))
    if not learn or not check:
        raise DataError("training needs images with masks for training and for validation")
    card = describe(learn, recipe)
    stream = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build(recipe.network, card.settings, Path())
    assert isinstance(network, Network)
    network.to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    crops = Crops(*prepare(learn, recipe, card, network), recipe, stream)
    held = prepare(check, recipe, card, network)
    weight = class_weights(crops.masks, card.classes, recipe.balance).to(device)
    best, log = fit(network, crops, held, weight=weight, say=say)
    return Trained(network=network, card=card, best=best, last=state(network), log=tuple(log))


def describe(learn: Sequence[Sample], recipe: Recipe) -> Card:
    """Return the card of a network that is to learn from these samples, still without weights."""
    classes = 1 + max(int(s.mask().max()) for s in learn if s.mask is not None)
    if classes == 1:
        raise DataError("the training masks hold background only")
    channels = learn[0].shape[0]
    settings = {
        "channels": channels,
        "classes": classes,
        "widths": list(recipe.widths),
        "rescale": working_scale(learn, recipe),
    }
    return Card(
        network=recipe.network,
        settings=settings,
        normalisation=recipe.normalisation,
        range=camera_range(learn) if recipe.normalisation == "range" else None,
        classes=classes,
        channels=channels,
        pixel_um=learn[0].pixel_um,
    )


def camera_range(samples: Sequence[Sample]) -> tuple[float, float]:
    """Return 0 and the largest number of the shallowest camera that could have made the images."""
    highest = max(float(sample.image().max()) for sample in samples)
    depth = next((bits for bits in DEPTHS if highest < 2**bits), DEPTHS[-1])
    return 0.0, 2.0**depth - 1


def fit(
    network: Network,
    crops: Crops,
    held: tuple[list[Tensor], list[Tensor]],
    *,
    weight: Tensor,
    say: Callable[[Epoch, int], None],
) -> tuple[dict[str, Tensor], list[Epoch]]:
    """Train a network in place, on the device of the classes' weights; return its best and log."""
    recipe = crops.recipe
    optimiser = torch.optim.Adam(
        network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=recipe.epochs * recipe.steps
    )
    best, log = state(network), list[Epoch]()
    for number in range(recipe.epochs):
        rate = float(schedule.get_last_lr()[0])
        loss = statistics.fmean(descend(network, crops, weight, optimiser, schedule))
        val_loss, val_iou = validate(network, held, weight)
        epoch = Epoch(number, loss, val_loss, val_iou, rate)
        if not math.isfinite(epoch.loss + val_loss):
            raise DataError("training diverged: the loss is not finite; lower the learning rate")
        if val_loss < min((one.val_loss for one in log), default=math.inf):
            best = state(network)
        log.append(epoch)
        say(epoch, recipe.epochs)
    return best, log


def descend(
    network: Network,
    crops: Crops,
    weight: Tensor,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> Iterator[float]:
    """Yield the loss of every step of one epoch."""
    network.train()
    for _ in range(crops.recipe.steps):
        images, masks = (one.to(weight.device) for one in crops.batch())
        if crops.recipe.attack_spread:
            images = attacked(network.unet, images, masks, crops.recipe.attack_spread)
        loss = cross_entropy(network.unet(images), masks, weight)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        yield float(loss.detach())


def class_weights(masks: Sequence[Tensor], classes: int, balance: float) -> Tensor:
    """Return a weight for each class: its frequency to the power of -balance, 1 on average.

    >>> class_weights([torch.tensor([[0, 0, 0, 1]])], 2, 1.0).tolist()
    [0.6666666865348816, 2.0]
    """
    counts = torch.bincount(torch.cat([mask.reshape(-1) for mask in masks]), minlength=classes)
    share = counts.clamp_min(1) / counts.sum()
    weight = share**-balance
    return weight / float((share * weight).sum())


def validate(
    network: Network, held: tuple[list[Tensor], list[Tensor]], weight: Tensor
) -> tuple[float, float]:
    """Return the mean loss and the mean foreground IoU of whole validation images."""
    losses, scores = [], []
    network.eval()
    with torch.inference_mode():
        for image, mask in zip(*held, strict=True):
            logits = network.unet(pad(image[None].to(weight.device), network.stride))
            logits = logits[..., : mask.shape[0], : mask.shape[1]].cpu()
            losses.append(float(cross_entropy(logits, mask[None], weight.cpu())))
            found, there = logits.argmax(1)[0] > 0, mask > 0
            union = int((found | there).sum())
            scores.append(int((found & there).sum()) / union if union else 1.0)
    return statistics.fmean(losses), statistics.fmean(scores)


def working_scale(samples: Sequence[Sample], recipe: Recipe) -> float:
    """Return the factor from the images' grid to the recipe's, at most 1."""
    if recipe.pixel_um is not None:
        if samples[0].pixel_um is None:
            raise DataError("the recipe works at a pixel size, but the images state none")
        return min(1.0, samples[0].pixel_um / recipe.pixel_um)
    diameter = median_diameter(samples)
    return min(1.0, recipe.object_px / diameter) if diameter else 1.0


def median_diameter(samples: Sequence[Sample]) -> float | None:
    """Return the median diameter in px of the objects, as of discs of their areas.

    Where objects are not numbered, touching ones count as one.
    """
    from scipy.ndimage import label

    areas = list[int]()
    for sample in samples:
        assert sample.mask is not None
        objects = sample.instances() if sample.instances else label(sample.mask() > 0)[0]
        counts = torch.bincount(torch.from_numpy(objects).long().reshape(-1))
        areas += [area for area in counts[1:].tolist() if area]
    return 2 * math.sqrt(statistics.median(areas) / math.pi) if areas else None


def prepare(
    samples: Sequence[Sample], recipe: Recipe, card: Card, network: Network
) -> tuple[list[Tensor], list[Tensor]]:
    """Return what the U-Net is given, (C, Y, X), and masks (Y, X) at the working scale."""
    images, masks = list[Tensor](), list[Tensor]()
    for sample in samples:
        assert sample.mask is not None
        image = normalise(torch.from_numpy(sample.image())[None], card)
        mask = torch.from_numpy(sample.mask())
        shape = (int(mask.shape[0]), int(mask.shape[1]))
        size = scaled_size(shape, network.rescale * recipe.shrink)
        # Each pixel of a coarser mask gets the class that covers most of it.
        planes = torch.nn.functional.one_hot(mask, card.classes).permute(2, 0, 1)[None].float()
        images.append(network.inputs(resample(image, size))[0])
        masks.append(resample(planes, size)[0].argmax(0))
    return images, masks


def state(network: Network) -> dict[str, Tensor]:
    """Return a copy of the weights, on the CPU."""
    return {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in network.state_dict().items()
    }
