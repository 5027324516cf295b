"""The training of one network of a benchmark, on all training images or on a subset."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from baselines.reference import trained

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audit.datasets.sample import Sample
    from baselines.benchmark.plan import Planned
    from baselines.loop import Epoch


def learn(
    entry: Planned,
    samples: Sequence[Sample],
    *,
    cache: Path,
    device: str = "cpu",
    say: Callable[[Epoch, int], None] = lambda *_: None,
) -> Path:
    """Return the folder of a network, trained now or before."""
    some = nested(samples, entry.images, entry.seed)
    return trained(some, entry.recipe, seed=entry.seed, cache=cache, device=device, say=say)


def nested(samples: Sequence[Sample], count: int, seed: int) -> list[Sample]:
    """Return `count` samples drawn by the seed; a smaller draw is part of every larger one.

    >>> nested(["a", "b", "c", "d"], 2, 0) == nested(["a", "b", "c", "d"], 3, 0)[:2]
    True
    """
    order = list(samples)
    random.Random(seed).shuffle(order)  # noqa: S311 (a choice of images, no secret)
    return order[:count]
