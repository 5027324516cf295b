"""The value of a quantity over images and over networks of one recipe, or the difference of two.

Two things are random: which images were tested, and which seed a network grew from. One network a
recipe speaks for itself alone; several speak for the recipe, and how much they scatter widens the
interval. A difference is paired: the same images, and networks of the same seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from audit.quantities.counted import at_least_exact
from audit.statistics.curve import breaking_point
from audit.statistics.estimate import Estimate, estimate, from_jackknife
from reports.benchmark.column import TENTH
from reports.benchmark.seen import Seen, chosen, shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from reports.benchmark.column import Column

POWER = 0.8


@dataclass(frozen=True)
class Scatter:
    """The variance between networks of one recipe, on how many degrees of freedom it is known."""

    variance: float
    freedom: int


def scatter(wanted: Column, rows: Sequence[Sequence[Seen]]) -> Scatter | None:
    """Return how much networks of one recipe scatter, pooled over recipes; None for one each.

    Two or three networks a recipe know little of their scatter, those of all recipes together know
    more: an analysis of variance, as Fisher 1925 has it, which takes it to be alike in all recipes.
    """
    squares, freedom = 0.0, 0
    for networks in rows:
        every = shared(networks) if len(networks) > 1 else []
        if every and every[0].images:
            means = np.array([value(wanted, one) for one in every])
            squares += float(((means - means.mean()) ** 2).sum())
            freedom += len(means) - 1
    return Scatter(squares / freedom, freedom) if freedom else None


def value(wanted: Column, one: Seen) -> float:
    """Return a quantity of one network."""
    if wanted.breaks:
        return point(one, np.ones(len(one.images), bool))
    return float(term(one).mean())


def level(
    wanted: Column, networks: Sequence[Seen], apart: Scatter | None = None
) -> Estimate | None:
    """Return the value of a quantity, the mean over networks; None where no image is shared.

    `apart` is how networks of one recipe scatter, where more than these tell. A rate of one network
    has at least the exact interval of its events; so has one of several that saw none.
    """
    found = difference(wanted, networks, (), apart or scatter(wanted, [networks]))
    if found is None or wanted.statistic != "rate" or (len(networks) > 1 and found.value):
        return found
    exposure = float(networks[0].weights.sum())
    return at_least_exact(found, exposure) if exposure else found


def difference(
    wanted: Column,
    first: Sequence[Seen],
    second: Sequence[Seen],
    apart: Scatter | None = None,
) -> Estimate | None:
    """Return the value of the first networks minus that of the second, on the images all share.

    The n-th network of either side is of one seed; `apart` is how networks of one recipe scatter.
    Of a breaking point it is the natural logarithm of the level, or of the factor between two. None
    where no image is shared.
    """
    every = shared([*first, *second])
    if not every[0].images:
        return None
    others: list[Seen] | list[None] = every[len(first) :] or [None] * len(first)
    pairs = list(zip(every[: len(first)], others, strict=True))
    sides = 2 if second else 1
    if wanted.breaks:
        return over_seeds(of_breaks(pairs), apart, len(first), sides)
    terms = np.array([term(one) - (0.0 if other is None else term(other)) for one, other in pairs])
    if wanted.statistic == "census":
        return constant(terms)
    found = estimate(list(terms.mean(0)), list(every[0].groups))
    return over_seeds(found, apart, len(first), sides)


def constant(terms: NDArray[np.float64]) -> Estimate:
    """Return a value that was not sampled from anything, and has no error."""
    count = terms.shape[1]
    return Estimate(value=float(terms.mean()), n=count, groups=count, method="no sample")


def term(one: Seen) -> NDArray[np.float64]:
    """Return a term for each image, whose mean is the ratio of the weighted sums.

    The linearisation of the ratio: Särndal et al. 1992, doi:10.1007/978-1-4612-4378-6, chapter 5.
    """
    values, weights = one.values[:, 0], one.weights[:, 0]
    total = float(weights.sum())
    ratio = float((values * weights).sum()) / total if total else float(values.mean())
    spread = (values - ratio) * weights / (total / len(values)) if total else values - ratio
    terms: NDArray[np.float64] = ratio + spread
    return terms


def of_breaks(pairs: Sequence[tuple[Seen, Seen | None]]) -> Estimate:
    """Return the logarithm of a breaking point, or of the factor between two."""
    one = pairs[0][0]
    everyone = np.ones(len(one.images), bool)
    kept = [everyone & (np.arange(len(everyone)) != left) for left in range(len(everyone))]
    points = np.array([[factor(pair, some) for pair in pairs] for some in (everyone, *kept)])
    whole, left_out = points[0].mean(), points[1:].mean(1)
    return from_jackknife(float(whole), left_out.tolist(), list(one.groups))


def factor(pair: tuple[Seen, Seen | None], some: NDArray[np.bool_]) -> float:
    """Return the logarithm of one breaking point, less that of the other, on some images."""
    one, other = pair
    return point(one, some) - (0.0 if other is None else point(other, some))


def point(one: Seen, some: NDArray[np.bool_]) -> float:
    """Return the logarithm of the level at which a tenth is lost: the last where it never is."""
    levels = [float(choice) for choice in one.choices if choice is not None]
    kept = np.flatnonzero(some).tolist() or [0]
    curve = chosen(one, kept).values.mean(0).tolist()
    return math.log(breaking_point(levels, curve, TENTH) or levels[-1])


def over_seeds(images: Estimate, apart: Scatter | None, networks: int, sides: int) -> Estimate:
    """Return an estimate whose error holds the scatter of networks beside that of images.

    The two variances add. The degrees of freedom are the fewer of the two: sharing them out by
    Satterthwaite's rule marked 14 of 100 simulated benchmarks of three equal networks a recipe.
    """
    error = deviation(images)
    if apart is None or error is None:
        return images
    seeds = (sides * apart.variance / networks) ** 0.5
    return replace(
        images,
        draws=None,
        error=math.hypot(error, seeds),
        freedom=min(freedom(images), float(apart.freedom)),
        method=f"{images.method}, and {networks} networks",
    )


def deviation(found: Estimate) -> float | None:
    """Return the standard error of an estimate; None where it has no interval."""
    if found.draws is not None:
        return float(found.draws.std()) / found.narrowing
    return found.error


def freedom(found: Estimate) -> float:
    """Return the degrees of freedom of an estimate's error."""
    return found.groups - 1.0 if found.draws is not None else found.freedom


def widening(known: float, images: float, held_to: float) -> float:
    """Return how many times wider an interval is for all that is not known of seeds' scatter.

    `known` and `images` are the degrees of freedom of seeds and of images.

    >>> round(widening(2, 5, 0.05), 2), widening(8, 5, 0.05)
    (1.67, 1.0)
    """
    return float(stdtrit(min(known, images), 1 - held_to / 2) / stdtrit(images, 1 - held_to / 2))


def detectable(found: Estimate, held_to: float) -> float | None:
    """Return the difference that would have been seen four times in five; None without interval.

    `held_to` is the level that the p value is held to.
    """
    error = deviation(found)
    if error is None:
        return None
    free = freedom(found)
    return error * float(stdtrit(free, 1 - held_to / 2) + stdtrit(free, POWER))
