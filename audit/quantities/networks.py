"""A quantity of several networks: its value for their recipe, and the difference of two recipes.

Two things are random: which images were tested, and which seed a network grew from. One network
speaks for itself alone, as a rule has it; several speak for their recipe, and how much they scatter
widens the interval. A difference is paired: the same images, and networks of the same seed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from audit.quantities.answer import Answer, possible
from audit.quantities.counted import at_least_exact, constant
from audit.quantities.scatter import over_seeds, scatter
from audit.quantities.seen import shared
from audit.quantities.statistic import STATISTICS, TERMS
from audit.quantities.terms import average
from audit.statistics.estimate import USUAL
from audit.statistics.level import leveled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.quantities.scatter import Scatter
    from audit.quantities.seen import Seen
    from audit.statistics.estimate import Estimate, Scope


def value(
    networks: Sequence[Seen], scope: Scope = USUAL, apart: Scatter | None = None
) -> Answer | None:
    """Return what a quantity comes to, the mean over networks; None where no image is shared.

    `apart` is how networks of one recipe scatter, where more than these tell.
    """
    every = shared(networks)
    if not every:
        return None
    one = every[0]
    low, high = possible(one.quantity, one.evidence)
    apart = apart or scatter([networks])
    made = partial(alone, one) if len(every) == 1 and not apart else partial(joint, every, apart)
    return Answer(here=made("here"), beyond=made("beyond"), scope=scope, low=low, high=high)


def alone(one: Seen, scope: Scope) -> Estimate:
    """Return what one network is judged by."""
    return STATISTICS[one.quantity.statistic](one.evidence, one.quantity, scope).estimate


def joint(every: Sequence[Seen], apart: Scatter | None, scope: Scope) -> Estimate:
    """Return the mean of networks that saw the same images, with the scatter of their seeds.

    A rate without any event has at least the exact interval of one network's exposure.
    """
    one = every[0]
    if one.quantity.statistic not in TERMS:
        values = [alone(each, scope).value for each in every]
        return constant(sum(values) / len(values), one.evidence)
    found = average([each.terms for each in every]).estimate(scope)
    found = over_seeds(found, apart, len(every), 1)
    exposure = float(one.evidence.weights.sum())
    if one.quantity.statistic == "rate" and exposure and (len(every) == 1 or not found.value):
        return at_least_exact(found, exposure)
    return finished(one, found)


def difference(
    first: Sequence[Seen],
    second: Sequence[Seen],
    scope: Scope = USUAL,
    apart: Scatter | None = None,
) -> Answer | None:
    """Return the value of the first networks minus that of the second, on the images all share.

    The n-th network of either side is of one seed; `apart` is how networks of one recipe scatter.
    Of a breaking point it is the factor between two levels. None where no image is shared, or the
    statistic has no terms that could be subtracted.
    """
    every = shared([*first, *second])
    if not every or every[0].quantity.statistic not in TERMS:
        return None
    one, pairs = every[0], zip(every[: len(first)], every[len(first) :], strict=True)
    apart_terms = average([mine.terms - other.terms for mine, other in pairs])

    def made(scope: Scope) -> Estimate:
        return finished(one, over_seeds(apart_terms.estimate(scope), apart, len(first), 2))

    low, high = furthest(one)
    return Answer(here=made("here"), beyond=made("beyond"), scope=scope, low=low, high=high)


def finished(one: Seen, found: Estimate) -> Estimate:
    """Return an estimate in the unit of its quantity: the terms of a level are logarithms."""
    return leveled(found) if one.quantity.statistic == "breaking_point" else found


def furthest(one: Seen) -> tuple[float, float]:
    """Return the least and the most that two values of a quantity can differ by."""
    low, high = possible(one.quantity, one.evidence)
    if one.quantity.statistic == "breaking_point":
        return low / high, high / low
    return low - high, high - low
