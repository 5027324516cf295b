"""Whether small objects, or those at the frame, are missed more often than the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.metrics.ledger import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.measurement import Measurement
    from audit.metrics.ledger import Ledger
    from audit.probing.look import Look

THIRDS = 3
"""The smallest third of an image's objects counts as small."""

FEW = "fewer than three objects here: none is small beside others"
ALL_ALIKE = "not both: an object that touches the frame, and one that does not"


def biases(look: Look, found: Ledger, away: NDArray[np.int64]) -> Iterator[Measurement]:
    """Yield how much larger a share of the small, and of those at the frame, is missed.

    `away` is how far each true object lies from the frame (T,), in px. What is cut by the frame to
    a sliver is never missed.
    """
    missed = np.array([fate is Fate.MISSED for fate in found.true_fates], float)
    true = found.pairs.true
    yield excess(look, "small_missed_excess", missed, smallest_third(true.areas), FEW)
    yield excess(look, "edge_missed_excess", missed, away == 0, ALL_ALIKE)


def smallest_third(areas: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which objects belong to the smallest third; ties go by their order.

    >>> smallest_third(np.array([9, 2, 5, 7, 1, 8])).tolist()
    [False, True, False, False, True, False]
    """
    small = np.zeros(len(areas), bool)
    small[np.argsort(areas, kind="stable")[: len(areas) // THIRDS]] = True
    return small


def excess(
    look: Look, metric: str, missed: NDArray[np.float64], chosen: NDArray[np.bool_], why: str
) -> Measurement:
    """Return the share missed of the chosen objects less that of the others."""
    if not chosen.any() or chosen.all():
        return look.undefined(metric, why)
    value = float(missed[chosen].mean() - missed[~chosen].mean())
    return look.row(metric, value, weight=int(chosen.sum()))
