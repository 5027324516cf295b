"""The training of a reference network, seeded and logged."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from audit.errors import DataError
from audit.imaging.resample import resample, scaled_size
from audit.models.card import Card
from audit.models.torch_module import normalise, pad
from baselines.augmentation import Crops
from baselines.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audit.datasets.sample import Sample
    from baselines.recipe import Recipe

ZSCORE = Card(normalisation="zscore")


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
    """A trained network: its best and last weights, its log, and what it learnt from."""

    network: Network
    best: dict[str, Tensor]
    last: dict[str, Tensor]
    log: tuple[Epoch, ...]
    pixel_um: float | None
    classes: int
    channels: int


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
    rescale = working_scale(learn, recipe)
    classes = 1 + max(int(s.mask().max()) for s in learn if s.mask is not None)
    if classes == 1:
        raise DataError("the training masks hold background only")
    channels = learn[0].shape[0]
    stream = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Network(channels, classes, recipe.widths, rescale)
    network.to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    crops = Crops(*prepare(learn, rescale * recipe.shrink, classes), recipe, stream)
    held = prepare(check, rescale * recipe.shrink, classes)
    best, log = fit(network, crops, held, device=device, say=say)
    return Trained(
        network=network,
        best=best,
        last=state(network),
        log=tuple(log),
        pixel_um=learn[0].pixel_um,
        classes=classes,
        channels=channels,
    )


def fit(
    network: Network,
    crops: Crops,
    held: tuple[list[Tensor], list[Tensor]],
    *,
    device: str,
    say: Callable[[Epoch, int], None],
) -> tuple[dict[str, Tensor], list[Epoch]]:
    """Train a network in place; return its best weights and its log."""
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
        losses = []
        network.train()
        for _ in range(recipe.steps):
            images, masks = crops.batch()
            loss = cross_entropy(network.unet(images.to(device)), masks.to(device))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        val_loss, val_iou = validate(network, held, device)
        epoch = Epoch(number, statistics.fmean(losses), val_loss, val_iou, rate)
        if not math.isfinite(epoch.loss + val_loss):
            raise DataError("training diverged: the loss is not finite; lower the learning rate")
        if val_loss < min((one.val_loss for one in log), default=math.inf):
            best = state(network)
        log.append(epoch)
        say(epoch, recipe.epochs)
    return best, log


def validate(
    network: Network, held: tuple[list[Tensor], list[Tensor]], device: str
) -> tuple[float, float]:
    """Return the mean loss and the mean foreground IoU of whole validation images."""
    losses, scores = [], []
    network.eval()
    with torch.inference_mode():
        for image, mask in zip(*held, strict=True):
            logits = network.unet(pad(image[None].to(device), network.unet.stride))
            logits = logits[..., : mask.shape[0], : mask.shape[1]].cpu()
            losses.append(float(cross_entropy(logits, mask[None])))
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
    samples: Sequence[Sample], scale: float, classes: int
) -> tuple[list[Tensor], list[Tensor]]:
    """Return z-scored images (C, Y, X) and masks (Y, X) at the working scale."""
    images, masks = list[Tensor](), list[Tensor]()
    for sample in samples:
        assert sample.mask is not None
        image = normalise(torch.from_numpy(sample.image())[None], ZSCORE)
        mask = torch.from_numpy(sample.mask())
        size = scaled_size((int(mask.shape[0]), int(mask.shape[1])), scale)
        # Each pixel of a coarser mask gets the class that covers most of it.
        planes = torch.nn.functional.one_hot(mask, classes).permute(2, 0, 1)[None].float()
        images.append(resample(image, size)[0])
        masks.append(resample(planes, size)[0].argmax(0))
    return images, masks


def state(network: Network) -> dict[str, Tensor]:
    """Return a copy of the weights, on the CPU."""
    return {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in network.state_dict().items()
    }
