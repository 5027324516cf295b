"""How the steps of an attack are spent: on which radius, by which losses, how long each of them.

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
"""The first step within a radius, the first where one lingers, and the last, in units of it: long
steps cross the ball, short ones settle. Four steps of 0.5 at each radius and for each loss left up
to 0.2 more overlap on trained networks' cliffs.
"""

LEAD = 3.0
"""How many times as many steps a loss is given when its path leads."""

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


@dataclass
class Path:
    """What some losses have found so far: a change in units of the radius, and what it left."""

    losses: Sequence[Loss]
    change: Tensor
    left: float = math.inf

    def walk(
        self, logits: Callable[[Tensor], Tensor], trail: Trail, radius: float, steps: int
    ) -> int:
        """Go on within a radius; return how many gradients it took."""
        image = trail.subject.image
        end, taken = ascend(
            logits,
            trail,
            image + radius * self.change,
            losses=self.losses,
            radius=radius,
            lengths=shrinking(steps),
        )
        self.change, self.left = (end - image) / radius, trail.last.left
        return taken


def descend(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    generator: Generator,
    *,
    camps: Sequence[Sequence[Loss]],
    steps: int,
) -> Tensor:
    """Attack within every radius of a trail, from the widest to the narrowest; return the end.

    Each camp of losses walks one annealed path: a radius starts with the pattern that the last one
    ended with, shrunk to its own size; the widest with noise in a ball twice as wide. The path that
    left less at the last radius takes more of the steps of the next. `steps` is the mean number of
    gradients a radius: what a radius that is broken at once does not use goes to those after it,
    and some are kept for where the curve falls. Where every radius is 0, as in an image without
    noise, nothing is tried.
    """
    image = trail.subject.image
    rungs = sorted({radius for radius in trail.radii if radius > 0}, reverse=True)
    if not rungs:
        return image
    paths = [Path(losses, noise(image, generator)) for losses in camps]
    budget = steps * len(rungs)
    kept = round(LINGERING * budget)
    left, leaders = anneal(logits, trail, paths, rungs, budget - kept)
    linger(logits, trail, leaders, kept + left)
    return image + rungs[-1] * min(paths, key=lambda path: path.left).change


def anneal(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    paths: Sequence[Path],
    rungs: Sequence[float],
    budget: int,
) -> tuple[int, dict[float, Sequence[Loss]]]:
    """Walk all paths through all radii; return what is left of the budget, and who led at each."""
    leaders: dict[float, Sequence[Loss]] = {}
    stages = [*((rungs[0] * wider, weight) for wider, weight in WIDER), *((r, 1.0) for r in rungs)]
    for place, (radius, weight) in enumerate(stages):
        whole = budget * weight / sum(one for _, one in stages[place:])
        for path, share in zip(paths, shares(paths), strict=True):
            budget -= path.walk(logits, trail, radius, max(1, round(share * whole)))
            if trail.last.broken:
                break
        leaders[radius] = min(paths, key=lambda path: path.left).losses
    return budget, {radius: leaders[radius] for radius in rungs}


def linger(
    logits: Callable[[Tensor], Tensor],
    trail: Trail,
    losses: Mapping[float, Sequence[Loss]],
    budget: int,
) -> None:
    """Go on from the worst within each radius, widest first, as far as the curve falls there.

    How much less the next wider radius leaves says how much there may still be to find.
    """
    left = [trail.worst(radius).left for radius in losses]
    falls = [here - wider for here, wider in zip(left, [0.0, *left], strict=False)]
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


def shares(paths: Sequence[Path]) -> list[float]:
    """Return the share of the steps that each path takes: each loss counts, a leader's more."""
    least = min(path.left for path in paths)
    weights = [len(set(path.losses)) * (LEAD if path.left == least else 1.0) for path in paths]
    return [weight / sum(weights) for weight in weights]
