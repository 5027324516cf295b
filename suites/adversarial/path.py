"""A walk of one pattern through the radii of an attack: down from the widest, or up to it.

Step and number of steps go together: few steps of a small step do not cross the ball and look like
robustness.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from suites.adversarial.attack import ascend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Generator, Tensor

    from suites.adversarial.loss import Loss
    from suites.adversarial.trail import Trail

WIDER = ((2.0, 0.75), (1.5, 0.75))
"""Radii before the widest, in its units, and their weights; alone it gets 30, 30 and 40 % of the
steps: what is found in a wide ball leads to more than what is sought in a narrow one.
Source: Croce, Singh and Hein 2024, arXiv:2306.12941."""

LONGEST, HALF, SHORTEST = 1.0, 0.5, 0.1
"""The first step within a radius, the first where a pattern fits already, and the last, in units of
it: long steps cross the ball, short ones settle. Four steps of 0.5 at each radius and for each loss
left up to 0.2 more overlap on trained networks' cliffs.
"""

LINGERING, FEWEST = 0.25, 3
"""The share of the steps that is kept for radii at which the curve falls, and the fewest that are
worth a start: on a cliff an attack still finds more after 20 steps, elsewhere it settles in six.
"""


def shrinking(steps: int, longest: float = LONGEST) -> list[float]:
    """Return lengths of steps along half a cosine, in units of the radius."""
    return [
        SHORTEST + (longest - SHORTEST) * (1 + math.cos(math.pi * step / steps)) / 2
        for step in range(steps)
    ]


@dataclass(frozen=True)
class Walk:
    """What one pattern left at each radius that it came to, and how many gradients it took.

    `change` is the pattern at its end, in units of the radius.
    """

    left: Mapping[float, float]
    taken: int
    change: Tensor


def walk(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    generator: Generator,
    *,
    losses: Sequence[Loss],
    stages: Sequence[tuple[float, float]],
    budget: float,
    later: float = LONGEST,
    enough: Callable[[Mapping[float, float]], bool] = lambda _: False,
) -> Walk:
    """Attack within one radius after another, each with a weight, until it is enough.

    The first starts with noise, every other with the pattern that the last one ended with, made
    larger or smaller to its own size, and with a step of `later` times the radius.
    """
    image = trail.subject.image
    change, taken = noise(image, generator), 0
    left = dict[float, float]()
    for place, (radius, weight) in enumerate(stages):
        whole = (budget - taken) * weight / sum(one for _, one in stages[place:])
        end, steps = ascend(
            logits,
            trail,
            image + radius * change,
            losses=losses,
            radius=radius,
            lengths=shrinking(max(1, round(whole)), later if left else LONGEST),
        )
        change, taken = (end - image) / radius, taken + steps
        left[radius] = trail.last.left
        if enough(left):
            break
    return Walk(left, taken, change)


def descend(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    generator: Generator,
    *,
    losses: Sequence[Loss],
    steps: int,
) -> Tensor:
    """Attack within every radius of a trail, from the widest to the narrowest; return the end.

    The widest starts with noise in a ball twice as wide. `steps` is the mean number of gradients a
    radius: what a radius that is broken at once does not use goes to those after it, and some are
    kept for where the curve falls. Where every radius is 0, as in an image without noise, nothing
    is tried.
    """
    image, rungs = trail.subject.image, widest_first(trail)
    if not rungs:
        return image
    budget = steps * len(rungs)
    found = walk(
        logits,
        trail,
        generator,
        losses=losses,
        stages=downwards(rungs),
        budget=budget - round(LINGERING * budget),
    )
    linger(logits, trail, dict.fromkeys(rungs, losses), budget - found.taken)
    return image + rungs[-1] * found.change


def widest_first(trail: Trail) -> list[float]:
    """Return the radii of a trail that are above 0."""
    return sorted({radius for radius in trail.radii if radius > 0}, reverse=True)


def downwards(rungs: Sequence[float]) -> list[tuple[float, float]]:
    """Return the radii of a walk from a ball that is wider than the widest, and their weights."""
    before = [(widest * wider, weight) for widest in rungs[:1] for wider, weight in WIDER]
    return [*before, *((radius, 1.0) for radius in rungs)]


def linger(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    losses: Mapping[float, Sequence[Loss]],
    budget: int,
    *,
    power: float = 1.0,
) -> None:
    """Go on from the worst within each radius, widest first, as far as the curve falls there.

    How much less the next wider radius leaves says how much there may still be to find; the steps
    are shared by a power of it. A radius that is broken is left alone.
    """
    points = [trail.worst(radius) for radius in losses]
    wider = [0.0, *(point.left for point in points)]
    falls = [
        0.0 if here.broken else (here.left - beyond) ** power
        for here, beyond in zip(points, wider, strict=False)
    ]
    for place, radius in enumerate(losses):
        steps = round(budget * falls[place] / (sum(falls[place:]) or 1.0))
        if steps < FEWEST:
            continue
        _, taken = ascend(
            logits,
            trail,
            trail.worst(radius).image,
            losses=losses[radius],
            radius=radius,
            lengths=shrinking(steps, HALF),
        )
        budget -= taken


def noise(image: Tensor, generator: Generator) -> Tensor:
    """Return a random change in -1..1, of an image's shape and on its device."""
    return 2 * torch.rand(image.shape, generator=generator).to(image) - 1
