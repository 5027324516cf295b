"""What a statistic finds, and the means that several of them are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.estimate import Estimate, estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.quantities.evidence import Evidence

FOLDS = 4
"""Within one movie a choice is made on three quarters of its length and proven on the fourth."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An estimate, the choice that it is about if there was one to make, and what else to say.

    `impossible` where the data hold nothing that the statistic could be made of, however many.
    """

    estimate: Estimate
    choice: float | None = None
    note: str = ""
    impossible: bool = False


def over_images(evidence: Evidence, values: NDArray[np.float64]) -> Estimate:
    """Return the mean of one value an observation, with what groups and frames allow."""
    return ratio(evidence, values, np.ones(len(values)))


def ratio(
    evidence: Evidence, values: NDArray[np.float64], weights: NDArray[np.float64]
) -> Estimate:
    """Return a weighted mean; its uncertainty is that of its linearisation, one term an image.

    Observations of one image are no independent ones: their terms are summed first.
    """
    names, first, image = np.unique(
        np.array(evidence.samples), return_index=True, return_inverse=True
    )
    total = weights.sum() / len(names)
    if total == 0:
        return ratio(evidence, values, np.ones(len(values)))
    value = float((values * weights).sum() / weights.sum())
    terms = np.bincount(image, (values - value) * weights / total, len(names))
    groups, frames = np.array(evidence.groups)[first], np.array(evidence.frames)[first]
    found = estimate(list(value + terms), list(groups), list(frames))
    return replace(found, unit=evidence.unit)


def parts(evidence: Evidence) -> list[NDArray[np.bool_]]:
    """Return the images of each group, or of each quarter of one movie."""
    names = sorted(set(evidence.groups))
    if len(names) > 1:
        groups = np.array(evidence.groups)
        return [groups == name for name in names]
    rank = np.argsort(np.argsort(np.asarray(evidence.frames), kind="stable"))
    count = min(FOLDS, len(rank))
    quarter = rank * count // len(rank)
    return [quarter == index for index in range(count)]


def jackknife(left: NDArray[np.float64]) -> float:
    """Return the standard error of an estimate from its values with one part left out each."""
    return float(np.sqrt((len(left) - 1) / len(left) * np.sum((left - left.mean()) ** 2)))
