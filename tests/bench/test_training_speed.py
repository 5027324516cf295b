"""Training costs its forward and backward passes and little else: ratios, side by side.

Run with `tox -e bench`.
"""

from __future__ import annotations

import statistics
import time
from itertools import cycle
from typing import TYPE_CHECKING, TypeVar

import pytest
import torch
from torch.nn.functional import cross_entropy

from audit.models.memory import keep_activations_mapped
from baselines.loop import Loop
from baselines.losses import find_loss
from baselines.network import Network, reference
from baselines.optimiser import find_optimiser, find_schedule
from baselines.recipe import Recipe, load_recipe
from baselines.sampling import Crops

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

Result = TypeVar("Result")

STEPS, PAIRS, SIDE = 4, 12, 256
RECIPE = Recipe(steps=STEPS)


class Given(Crops):
    """Batches that were made before, in turn and without end."""

    def batch(self) -> tuple[Tensor, Tensor]:
        """Return the next batch."""
        return next(self.stream)


def crops(recipe: Recipe) -> Crops:
    """Return crops of ten random images."""
    random = torch.Generator().manual_seed(0)
    images = [torch.randn((1, SIDE, SIDE), generator=random) for _ in range(10)]
    masks = [torch.randint(2, (SIDE, SIDE), generator=random) for _ in range(10)]
    return Crops(images, masks, recipe, random)


def network() -> Network:
    """Return the reference network as it is trained, always with the same weights."""
    torch.manual_seed(0)
    net = reference().train()
    net.to(memory_format=torch.channels_last)
    return net


def looped(batches: list[tuple[Tensor, Tensor]]) -> Iterator[float]:
    """Yield the losses of epochs of the recipe's loop, without validation."""
    net = network()
    optimiser = find_optimiser(RECIPE, net)
    loop = Loop(
        network=net,
        crops=Given([], [], RECIPE, cycle(batches)),
        held=([], []),
        loss=find_loss(RECIPE.loss, [], 2),
        optimiser=optimiser,
        schedule=find_schedule(RECIPE, optimiser),
    )
    while True:
        yield statistics.fmean(loop.steps())


def bare(batches: list[tuple[Tensor, Tensor]]) -> Iterator[float]:
    """Yield the losses of epochs of the shortest loop of plain PyTorch with the same steps."""
    net = network()
    optimiser = torch.optim.Adam(net.parameters(), 1e-2, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, total_steps=40 * STEPS)
    while True:
        losses = []
        for images, masks in batches:
            loss = cross_entropy(net.unet(images), masks)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        yield statistics.fmean(losses)


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """Return what some work returns, and its processor time: other programs disturb it less."""
    started = time.process_time()
    result = work()
    return result, time.process_time() - started


def overheads() -> list[float]:
    """Return the time of the recipe's loop over that of the bare loop, pair by pair in turn."""
    keep_activations_mapped()
    made = crops(RECIPE)
    batches = [made.batch() for _ in range(STEPS)]
    loops = {"ours": looped(batches), "plain": bare(batches)}
    ratios = []
    for number in range(1 + PAIRS):
        # Who comes first changes, for the first finds the caches of the other.
        order = ("ours", "plain") if number % 2 else ("plain", "ours")
        found = {name: timed(loops[name].__next__) for name in order}
        # The same work: the same loss, to the last digit.
        assert found["ours"][0] == found["plain"][0]
        ratios.append(found["ours"][1] / found["plain"][1])
    return ratios[1:]


def spread(values: list[float]) -> dict[str, float]:
    """Return the median and the quartiles."""
    low, middle, high = statistics.quantiles(values, n=4)
    return {"median": round(middle, 3), "lower": round(low, 3), "upper": round(high, 3)}


@pytest.mark.timeout(1800)
def test_the_loop_takes_at_most_1_05_times_a_bare_one(benchmark):
    """Names, checks and the log add at most 5 % to the same steps on the same batches."""
    ratios = benchmark.pedantic(overheads, rounds=1)
    benchmark.extra_info.update(spread(ratios))
    assert statistics.median(ratios) <= 1.05


def cost_of_crops(recipe: Recipe) -> list[float]:
    """Return the time to make a batch over that of a bare step on it, one after the other."""
    keep_activations_mapped()
    made = crops(recipe)
    epochs = bare([made.batch()])
    next(epochs)  # the first step sets up the optimiser
    return [timed(made.batch)[1] / timed(epochs.__next__)[1] for _ in range(PAIRS)]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("name", "most"),
    [
        *(("no-augmentation", 0.05), ("standard", 0.05)),
        *(("rotation", 0.15), ("strong-augmentation", 0.15)),
    ],
)
def test_crops_cost_little_beside_a_step(benchmark, name, most):
    """Cutting and varying a batch takes a small share of the step that learns from it."""
    shares = benchmark.pedantic(cost_of_crops, (load_recipe(name),), rounds=1)
    benchmark.extra_info.update(spread(shares))
    assert statistics.median(shares) <= most
