"""How small a difference between two conditions would still be seen through the model's errors."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.stats import norm, t

from audit.measurement import Measurement
from audit.metrics.morphology import PROPERTIES
from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from audit.probing.case import Case

RISK, POWER = 0.05, 0.8
"""How often a difference is seen that is none, and how often one that is there."""

NEARLY_ONE = 1 - 1e-12
"""Where the transformation of a correlation is still finite."""

LEAST = 4
"""Of fewer images no spread is worth a number."""

FEW = f"fewer than {LEAST} images, movies or plates have such objects on both sides"
FLAT = "every image has the same true mean"
BLIND = "it is not sure that images that truly have more are those where more is predicted"


@dataclass(frozen=True, kw_only=True)
class Difference(Probe):
    """The smallest difference of a mean between two conditions that is seen four times in five.

    Two conditions of as many images each as were audited (or movies, where these are at least
    four), compared by a t test at 5 %: as a share of the mean, once by the true objects and once
    by the predicted ones. Errors of the model widen what is needed by one over the correlation of
    predicted with true image means; that is the attenuation of Spearman 1904, doi:10.2307/1412159.
    """

    name: ClassVar[str] = "objects.difference"
    asks: ClassVar[str] = "How small a difference would still be seen through the model's errors?"
    source: ClassVar[str] = "doi:10.2307/1412159"
    needs: ClassVar[Needs] = Needs(
        model="outputs", masks=True, complete=True, instances=True, tasks=("instance",)
    )
    scope: ClassVar = "audit"
    after: ClassVar[tuple[str, ...]] = ("objects.measurements",)

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the smallest difference of each property by either side, and their correlation."""
        for name in PROPERTIES:
            true, found = means(case, name)
            at = {"property": name}
            yield from seen(true, found, at)


def means(case: Case, name: str) -> NDArray[np.float64]:
    """Return the true and the predicted mean (2, N) of each image, or movie, that has both."""
    groups = {one.id: one.group or one.id for one in case.part("test")}
    whole: dict[str, dict[str, float]] = defaultdict(dict)
    for row in case.rows("objects.measurements"):
        if row.at.get("property") == name and row.value is not None and row.sample:
            whole[row.sample][row.metric] = row.value
    known = {
        one: (values["true_mean"], values["predicted_mean"])
        for one, values in whole.items()
        if {"true_mean", "predicted_mean"} <= values.keys()
    }
    together: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one, pair in known.items():
        together[groups[one]].append(pair)
    several = [np.mean(pairs, 0) for pairs in together.values()]
    found = several if len(several) >= LEAST else list(known.values())
    return np.array(found, float).reshape(-1, 2).T


def seen(
    true: NDArray[np.float64], found: NDArray[np.float64], at: dict[str, str]
) -> Iterator[Measurement]:
    """Yield what can be seen by the true objects, and by the predicted ones."""
    why = FEW if len(true) < LEAST else FLAT if not true.std() or not true.mean() else None
    if why:
        yield from (
            Measurement(name, None, None, at, 0.0, why)
            for name in ("smallest_true", "smallest_seen", "fidelity")
        )
        return
    least = smallest(true)
    same = float(np.corrcoef(true, found)[0, 1]) if found.std() else 0.0
    yield Measurement("smallest_true", least, None, at)
    yield Measurement("fidelity", same, None, at)
    if surely_above_zero(same, len(true)):
        yield Measurement("smallest_seen", least / same, None, at)
    else:
        yield Measurement("smallest_seen", None, None, at, 0.0, BLIND)


def surely_above_zero(correlation: float, many: int) -> bool:
    """Return whether a correlation of so many pairs is above 0 by its 95 % interval.

    Without that the attenuation is a guess, and mostly one that is too hopeful. Source: Fisher
    1921, doi:10.2307/2331838 (the transformation).

    >>> surely_above_zero(0.5, 12), surely_above_zero(0.7, 12), surely_above_zero(1.0, 4)
    (False, True, True)
    """
    free = many - 3
    if free <= 0 or correlation <= 0:
        return False
    return math.atanh(min(correlation, NEARLY_ONE)) > float(norm.ppf(1 - RISK / 2)) / math.sqrt(
        free
    )


def smallest(values: Sequence[float] | NDArray[np.float64]) -> float:
    """Return the smallest difference of two means of such values, as a share of the mean.

    Of two samples as large as this one and of its spread; a two-sided t test at 5 % sees it with a
    probability of about 0.8. Source: Cohen 1988, doi:10.4324/9780203771587.

    >>> round(smallest([9.0, 10.0, 11.0, 10.0, 9.0, 11.0]), 3)
    0.16
    """
    many = len(values)
    free = 2 * many - 2
    certain = float(t.ppf(1 - RISK / 2, free) + t.ppf(POWER, free))
    spread = float(np.std(values, ddof=1))
    return certain * spread * math.sqrt(2 / many) / abs(float(np.mean(values)))
