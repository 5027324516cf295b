"""Overlap of truth and a prediction that is moved: every shift from one Fourier transform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float64]


@dataclass(frozen=True)
class Shifted:
    """Pixel counts at every shift of a prediction by up to r px along both axes.

    Each map (2 r + 1, 2 r + 1) counts the pixels that the moved field still covers: of `moved_*`
    with the prediction moved, of `still_*` with it where it was, so that what leaves the field
    does not look like a gain.
    """

    moved_intersection: Field
    moved_union: Field
    still_intersection: Field
    still_union: Field

    @property
    def gain(self) -> Field:
        """The IoU gained by each shift, on the same pixels; -1 where either is undefined."""
        moved = ratio(self.moved_intersection, self.moved_union)
        still = ratio(self.still_intersection, self.still_union)
        gain: Field = np.where(np.isnan(moved - still), -1.0, moved - still)
        return gain

    def best(self, least_px: float = 0.0) -> tuple[int, int]:
        """Return the shift (rows, columns) of highest gain that is at least so long.

        The shortest of those that tie.
        """
        reach = len(self.moved_union) // 2
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        length = np.hypot(y, x)
        gain = np.where(length >= least_px, self.gain, -np.inf)
        order = np.lexsort((length.ravel(), -gain.round(12).ravel()))
        return int(y.ravel()[order[0]]), int(x.ravel()[order[0]])

    def gained(self, shift: tuple[int, int]) -> float:
        """Return the gain of one shift."""
        reach = len(self.moved_union) // 2
        return float(self.gain[shift[0] + reach, shift[1] + reach])


def ratio(part: Field, whole: Field) -> Field:
    """Return part / whole, NaN where the whole is empty."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def shifted(truth: NDArray[np.bool_], predicted: NDArray[np.bool_], radius_px: int) -> Shifted:
    """Return the counts of truth and moved prediction (Y, X) at all shifts up to a radius.

    Exact: counts are whole numbers, and correlations are rounded to them. Source: Padfield 2012,
    doi:10.1109/TIP.2011.2181402 (correlation of fields that only partly overlap).

    >>> truth, predicted = np.zeros((8, 8), bool), np.zeros((8, 8), bool)
    >>> truth[2:4, 2:4] = predicted[3:5, 2:4] = True
    >>> shifted(truth, predicted, 2).best()
    (-1, 0)
    """
    size = [fft.next_fast_len(side + radius_px, real=True) for side in truth.shape]
    planes = np.array([truth, predicted, truth & predicted, np.ones_like(truth)], float)
    true, guess, both, field = fft.rfft2(planes, size)

    def counts(fixed: NDArray[np.complex128], moving: NDArray[np.complex128]) -> Field:
        whole = fft.irfft2(fixed * moving.conj(), size)
        reach = np.arange(-radius_px, radius_px + 1)
        near: Field = np.rint(whole[np.ix_(reach, reach)])
        return near

    seen, inside = counts(true, field), counts(both, field)
    crossed = counts(true, guess)
    return Shifted(
        moved_intersection=crossed,
        moved_union=seen + counts(field, guess) - crossed,
        still_intersection=inside,
        still_union=seen + counts(guess, field) - inside,
    )
