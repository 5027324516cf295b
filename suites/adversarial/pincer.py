"""An attack from both ends of the radii, for losses that lead in narrow balls and in wide ones.

Where every pixel weighs the same, patterns of narrow balls grow: those of a wide ball, made
smaller, leave a path where it began. Where every class weighs the same, patterns of wide balls
shrink. Neither alone keeps up with separate attacks on both sides of a cliff.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from suites.adversarial.path import HALF, downwards, linger, walk, widest_first
from suites.adversarial.trail import BROKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Generator, Tensor

    from suites.adversarial.loss import Loss
    from suites.adversarial.path import Walk
    from suites.adversarial.trail import Trail

UP, DOWN = 0.4, 0.55
"""The shares of the steps for the ways up and down. The way down ends where it meets one that is
better, after a third of its steps on most networks; the rest is for lingering.
"""

BEGINNING = 2.0
"""The weight of the narrowest radius, where the pattern that grows is found."""

BEATEN = 0.1
"""How much more the way down leaves where it gives up."""

EVENLY = 1 / 3
"""The power of a fall by which steps are shared: with 1 the cliff gets nearly all of them, and is
worn down beyond what separate attacks find while the radii past it lag behind.
"""


def attack(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    generator: Generator,
    *,
    climbing: Sequence[Loss],
    falling: Sequence[Loss],
    steps: int,
) -> None:
    """Attack within every radius of a trail by two walks that meet; then linger where it pays.

    `steps` is the mean number of gradients a radius. Where every radius is 0, as in an image
    without noise, nothing is tried.
    """
    rungs = widest_first(trail)
    budget = steps * len(rungs)
    up = climb(logits, trail, generator, losses=climbing, budget=UP * budget)
    down = fall(logits, trail, generator, losses=falling, budget=DOWN * budget, beside=up.left)
    leaders = {
        radius: climbing if up.left.get(radius, inf) < down.left.get(radius, inf) else falling
        for radius in rungs
    }
    linger(logits, trail, leaders, budget - up.taken - down.taken, power=EVENLY)


def climb(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    generator: Generator,
    *,
    losses: Sequence[Loss],
    budget: float,
) -> Walk:
    """Walk from the narrowest radius up, until a window breaks or more is left than before."""
    rungs = widest_first(trail)[::-1]
    stages = [(radius, 1.0 if place else BEGINNING) for place, radius in enumerate(rungs)]

    def enough(left: Mapping[float, float]) -> bool:
        *_, before, last = inf, *left.values()
        return last <= BROKEN or last > before

    return walk(
        logits, trail, generator,
        losses=losses, stages=stages, budget=budget, later=HALF, enough=enough,
    )  # fmt: skip


def fall(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    generator: Generator,
    *,
    losses: Sequence[Loss],
    budget: float,
    beside: Mapping[float, float],
) -> Walk:
    """Walk from the widest radius down, until much more is left than on another walk."""

    def enough(left: Mapping[float, float]) -> bool:
        radius, last = list(left.items())[-1]
        return last > beside.get(radius, inf) + BEATEN

    return walk(
        logits, trail, generator,
        losses=losses, stages=downwards(widest_first(trail)), budget=budget, enough=enough,
    )  # fmt: skip
