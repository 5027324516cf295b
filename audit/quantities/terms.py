"""What each image adds to a quantity, so that it can be estimated, subtracted and averaged.

Rules, tables and comparisons all take their intervals from these terms: the values of a mean, the
linearised terms of a ratio, and jackknife pseudo-values where a statistic is no mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.estimate import estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from audit.quantities.evidence import Evidence
    from audit.statistics.estimate import Estimate, Scope


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A value, and one number an image whose mean estimates it; all in the unit of the value."""

    value: float
    each: NDArray[np.float64]
    groups: tuple[str, ...]
    unit: str = "image"

    def __sub__(self, other: Terms) -> Terms:
        """Return the terms of the difference of two values, which know the same images."""
        return replace(self, value=self.value - other.value, each=self.each - other.each)

    def estimate(self, scope: Scope) -> Estimate:
        """Return the value with the uncertainty of its terms."""
        return replace(estimate(self.each, self.groups, scope), value=self.value, unit=self.unit)


def average(many: Sequence[Terms]) -> Terms:
    """Return the terms of the mean of values, which know the same images."""
    value = float(np.mean([one.value for one in many]))
    return replace(many[0], value=value, each=np.stack([one.each for one in many]).mean(0))


def ratio(evidence: Evidence, values: NDArray[np.float64], weights: NDArray[np.float64]) -> Terms:
    """Return a weighted mean, one linearised term an image.

    Observations of one image are no independent ones: their terms are summed first. Source:
    Särndal et al. 1992, doi:10.1007/978-1-4612-4378-6, chapter 5.
    """
    image, groups = images(evidence)
    total = weights.sum() / len(groups)
    if total == 0:
        return ratio(evidence, values, np.ones(len(values)))
    value = float((values * weights).sum() / weights.sum())
    apart = np.bincount(image, (values - value) * weights / total, len(groups))
    return Terms(
        value=value, each=np.asarray(value + apart, np.float64), groups=groups, unit=evidence.unit
    )


def alike(evidence: Evidence, values: NDArray[np.float64]) -> Terms:
    """Return a mean in which every observation counts once."""
    return ratio(evidence, values, np.ones(len(values)))


def knifed(evidence: Evidence, statistic: Callable[[NDArray[np.bool_]], float]) -> Terms:
    """Return the terms of a statistic that is no mean, by leaving out each image in turn."""
    image, groups = images(evidence)
    whole = statistic(np.ones(len(image), bool))
    # Of a lone image nothing is left: it is taken as it is.
    left = [whole if len(groups) == 1 else statistic(image != one) for one in range(len(groups))]
    return Terms(value=whole, each=pseudo_values(whole, left), groups=groups, unit=evidence.unit)


def images(evidence: Evidence) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return each observation's image, as its number by name, and the group of each image."""
    _, first, image = np.unique(np.array(evidence.samples), return_index=True, return_inverse=True)
    return image, tuple(evidence.groups[number] for number in first)


def pseudo_values(whole: float, left_out: Sequence[float]) -> NDArray[np.float64]:
    """Return one number an image, whose mean estimates a statistic that is no mean.

    `left_out` holds the statistic without the n-th image: n whole - (n - 1) left. Source: Tukey's
    pseudo-values, Miller 1974, doi:10.1093/biomet/61.1.1.

    >>> pseudo_values(2.0, [2.5, 2.0, 1.5]).tolist()
    [1.0, 2.0, 3.0]
    """
    count = len(left_out)
    return count * whole - (count - 1) * np.asarray(left_out, float)
