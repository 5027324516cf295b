"""What a statistic finds, and the mean that all of them are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.statistics.estimate import estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.quantities.evidence import Evidence
    from audit.statistics.estimate import Estimate, Scope

FOLDS = 4
"""Within one movie a choice is made on three quarters of its images and proven on the fourth."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An estimate, the choice that it is about if there was one to make, and what else to say.

    `impossible` where the data hold nothing that the statistic could be made of, however many.
    """

    estimate: Estimate
    choice: float | None = None
    note: str = ""
    impossible: bool = False


def over_images(evidence: Evidence, values: NDArray[np.float64], scope: Scope) -> Estimate:
    """Return the mean of one value an observation."""
    return ratio(evidence, values, np.ones(len(values)), scope)


def ratio(
    evidence: Evidence, values: NDArray[np.float64], weights: NDArray[np.float64], scope: Scope
) -> Estimate:
    """Return a weighted mean; its uncertainty is that of its linearisation, one term an image.

    Observations of one image are no independent ones: their terms are summed first. Source:
    Särndal et al. 1992, doi:10.1007/978-1-4612-4378-6, chapter 5.
    """
    names, first, image = np.unique(
        np.array(evidence.samples), return_index=True, return_inverse=True
    )
    total = weights.sum() / len(names)
    if total == 0:
        return ratio(evidence, values, np.ones(len(values)), scope)
    value = float((values * weights).sum() / weights.sum())
    terms = np.bincount(image, (values - value) * weights / total, len(names))
    found = estimate(list(value + terms), list(np.array(evidence.groups)[first]), scope)
    return replace(found, unit=evidence.unit)
