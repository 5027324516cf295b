"""Do two sets of samples come from one population: a permutation test that respects groups.

Frames of one movie are not independent, so exchanging them as if they were finds drift where there
is none. What is exchanged here is a group's whole share of one side: the labels of the groups that
lie on one side, and the two shares of a group that lies on both. One movie against another leaves
nothing to exchange: no p value exists, and more movies, not more frames, would give one.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DRAWS = 9999
"""Up to this many arrangements are all tried; of more, this many are drawn."""

POWER = 0.8
CHUNK = 500
"""Arrangements that are summed at a time."""

ROUNDING = 1e-9
"""Arrangements that are as extreme as the observed one but for rounding count as extreme."""


@dataclass(frozen=True, kw_only=True)
class Permuted:
    """What a permutation test found.

    `p` is two-sided, None where too few groups can be exchanged for any p below the level.
    `effect` is the second side's mean minus the first's, in standard deviations of samples within
    a side; `detectable` the smallest such effect seen with 80 % power, infinite where there is no
    p. `differs` says whether the sides differ more in "level" or in "spread". `n` counts the
    independent groups a side, `smallest` is the lowest p value that they could have given.
    """

    p: float | None
    effect: float
    detectable: float
    n: tuple[int, int]
    method: str
    differs: str = "level"
    smallest: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Cells:
    """One mean for each group's share of one side: first the groups of one side, then pairs.

    `alone` counts the groups that lie on one side; the rest are pairs (first side, second side).
    """

    means: NDArray[np.float64]
    second: NDArray[np.bool_]
    alone: int

    @property
    def n(self) -> tuple[int, int]:
        """How many cells either side has."""
        return int(np.sum(~self.second)), int(np.sum(self.second))

    @property
    def ways(self) -> int:
        """In how many ways the labels can be arranged."""
        chosen = int(self.second[: self.alone].sum())
        return math.comb(self.alone, chosen) << self.pairs

    @property
    def pairs(self) -> int:
        """How many groups lie on both sides."""
        return (len(self.means) - self.alone) // 2

    @property
    def smallest(self) -> float:
        """The lowest p value that any data could give."""
        mirrored = 2 * int(self.second[: self.alone].sum()) == self.alone
        exact = (2 if mirrored else 1) / self.ways
        return exact if self.ways <= DRAWS else max(exact, 1 / (DRAWS + 1))


def permutation_test(
    values: Sequence[float],
    labels: Sequence[bool],
    groups: Sequence[str],
    seed: int = 0,
    level: float = 0.05,
) -> Permuted:
    """Return whether samples labelled True differ from the others, in level or in spread.

    Values in any unit, labels and groups as long; samples that depend on one another share a
    group. The statistic is the larger of two differences of means: of the values, and of their
    distances from the common median. `level` is what a p value will be held to. Raises ValueError
    where a side is empty. Sources: Fisher 1935, Pitman 1937, doi:10.2307/2984124; Phipson and
    Smyth 2010, doi:10.2202/1544-6115.1585 (drawn arrangements); Winkler et al. 2015,
    doi:10.1016/j.neuroimage.2015.05.092 (exchangeability blocks).

    >>> near, far = [1.0, 1.1, 0.9, 1.0, 1.2], [3.0, 3.1, 2.8, 2.9, 3.2]
    >>> found = permutation_test(near + far, [False] * 5 + [True] * 5, list("abcdefghij"))
    >>> round(found.p, 4), found.differs, found.n
    (0.0079, 'level', (5, 5))
    >>> movies = permutation_test(near + far, [False] * 5 + [True] * 5, ["one"] * 5 + ["two"] * 5)
    >>> movies.p is None, movies.method
    (True, '1 and 1 groups can be exchanged in 2 ways: no p value below 1 is possible')
    """
    data, second = np.asarray(values, float), np.asarray(labels, bool)
    if second.all() or not second.any():
        raise ValueError("one side has no sample")
    cells = shares(data, second, np.asarray(groups))
    scatter = within(data, second)
    shift = float(data[second].mean() - data[~second].mean())
    found = Permuted(
        p=None,
        effect=shift / scatter if scatter > 0 else 0.0,
        detectable=math.inf,
        n=cells.n,
        method=f"{cells.n[0]} and {cells.n[1]} groups can be exchanged in {cells.ways} ways: "
        f"no p value below {cells.smallest:.2g} is possible",
        smallest=cells.smallest,
    )
    return found if cells.smallest > level else arranged(found, cells, scatter, seed, level)


def arranged(found: Permuted, cells: Cells, scatter: float, seed: int, level: float) -> Permuted:
    """Return what the arrangements of the labels say."""
    chosen = int(cells.second[: cells.alone].sum())
    rows = arrangements(cells.alone, chosen, cells.pairs, seed)
    drawn, observed = sums(rows, cells), sums(cells.second[None], cells)
    # Each statistic is divided by its scatter over the arrangements, so that neither dominates. One
    # that no arrangement changes is a rounding error: it becomes 0.
    scatters = np.sqrt(np.mean(drawn**2, 0))
    scale = np.where(scatters > ROUNDING, scatters, np.inf)
    far = float((observed / scale).max())
    extreme = int(np.sum((drawn / scale).max(1) >= far - ROUNDING))
    exact = cells.ways <= DRAWS
    kind = f"all {len(rows)}" if exact else f"{len(rows)} drawn"
    return Permuted(
        p=extreme / len(rows) if exact else (extreme + 1) / (len(rows) + 1),
        effect=found.effect,
        detectable=visible(cells, scatter, level),
        n=cells.n,
        method=f"permutation of {cells.n[0]} and {cells.n[1]} groups, {kind} arrangements",
        differs=("level", "spread")[int((observed / scale).argmax())],
        smallest=cells.smallest,
    )


def shares(data: NDArray[np.float64], second: NDArray[np.bool_], groups: NDArray[np.str_]) -> Cells:
    """Return the mean of each group's share of each side, lone groups first."""
    sides: dict[str, dict[bool, list[float]]] = {}
    for value, side, group in zip(data, second, groups, strict=True):
        sides.setdefault(str(group), {}).setdefault(bool(side), []).append(float(value))
    kept = sorted(sides.items(), key=lambda item: (len(item[1]), item[0]))
    order = [(side, many) for _, shared in kept for side, many in sorted(shared.items())]
    return Cells(
        means=np.array([np.mean(many) for _, many in order]),
        second=np.array([side for side, _ in order]),
        alone=sum(len(shared) == 1 for _, shared in kept),
    )


@lru_cache(maxsize=4)
def arrangements(alone: int, chosen: int, pairs: int, seed: int) -> NDArray[np.bool_]:
    """Return labels (arrangements, alone + 2 pairs): all that there are, or random ones.

    `chosen` of the groups that stand alone are labelled, and one share of each pair.
    """
    if math.comb(alone, chosen) << pairs <= DRAWS:
        every = list(itertools.combinations(range(alone), chosen))
        lone = np.zeros((len(every), alone), bool)
        np.put_along_axis(lone, np.array(every, int), True, 1)  # noqa: FBT003 (numpy's order)
        swaps = np.array(list(itertools.product((False, True), repeat=pairs)), bool)
        lone, swaps = lone.repeat(len(swaps), 0), np.tile(swaps, (len(lone), 1))
    else:
        stream = np.random.default_rng(seed)
        lone = stream.permuted(np.tile(np.arange(alone) < chosen, (DRAWS, 1)), axis=1)
        swaps = stream.integers(0, 2, (DRAWS, pairs), dtype=bool)
    both = np.stack([swaps, ~swaps], 2).reshape(len(swaps), 2 * pairs)
    rows = np.concatenate([lone, both], 1)
    # Shared by all who ask for the same: nobody may write to it.
    rows.flags.writeable = False
    return rows


def sums(rows: NDArray[np.bool_], cells: Cells) -> NDArray[np.float64]:
    """Return the absolute sum of both scores over the labelled cells, (arrangements, 2)."""
    scores = standardised(cells.means)
    parts = np.array_split(rows, max(1, len(rows) // CHUNK))
    return np.asarray(np.abs(np.concatenate([part.astype(float) @ scores for part in parts])))


def standardised(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values and their distances from the median, (cells, 2), mean 0, deviation 1."""
    scores = np.stack([means, np.abs(means - np.median(means))], 1)
    scores = scores - scores.mean(0)
    spread = scores.std(0)
    # A column of equal numbers differs by rounding at most: it decides nothing.
    constant = spread <= ROUNDING * max(1e-300, float(np.abs(means).max()))
    return np.where(constant, 0.0, scores / np.where(constant, 1.0, spread))


def within(data: NDArray[np.float64], second: NDArray[np.bool_]) -> float:
    """Return the standard deviation around the mean of the own side."""
    residuals = np.where(second, data - data[second].mean(), data - data[~second].mean())
    return float(np.sqrt(np.sum(residuals**2) / max(1, len(data) - 2)))


def visible(cells: Cells, scatter: float, level: float) -> float:
    """Return the smallest difference in level seen with 80 % power, in units of the scatter.

    By Student's t; half the level goes to differences in spread.
    """
    freedom = max(1.0, len(cells.means) - 2.0)
    reach = float(stdtrit(freedom, 1 - level / 4)) + float(stdtrit(freedom, POWER))
    one, other = cells.n
    error = within(cells.means, cells.second) * math.sqrt(1 / one + 1 / other)
    return reach * error / scatter if scatter > 0 else 0.0
