"""The ledger of objects: what became of each true and of each predicted object of one image."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from audit.metrics.pairs import pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.metrics.pairs import ObjectPairs, Objects

SLIVER = 0.25
"""An unfound object at the frame's edge is called cut below this share of the median area.

So small a rest of an object tells neither truth nor prediction what it was; larger ones are missed
or invented like any other.
"""


class Fate(StrEnum):
    """What became of an object. Every true and every predicted object has exactly one fate.

    Two objects are partners where they share more than half of the smaller one. An object with one
    partner, which has no other, is `kept` where their IoU reaches the threshold, else it `wobbles`:
    the same object, drawn otherwise. A predicted object with several true partners merges them, and
    all of them are `merged`; a true object with several predicted partners is `split`, and so are
    its parts. Without a partner a true object is `missed` and a predicted one `invented`; `cut`
    where only a sliver of it lies inside the frame; `outside` where nobody judged what is there.
    """

    KEPT = "kept"
    WOBBLE = "wobble"
    MERGED = "merged"
    SPLIT = "split"
    MISSED = "missed"
    INVENTED = "invented"
    CUT = "cut"
    OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True, eq=False)
class Partners:
    """Which objects are partners: the places (M,) of each two, and their IoU."""

    pairs: ObjectPairs
    true_place: NDArray[np.int64]
    predicted_place: NDArray[np.int64]
    iou: NDArray[np.float64]

    @cached_property
    def of_true(self) -> NDArray[np.int64]:
        """How many partners each true object has (T,)."""
        return np.bincount(self.true_place, minlength=len(self.pairs.true))

    @cached_property
    def of_predicted(self) -> NDArray[np.int64]:
        """How many partners each predicted object has (P,)."""
        return np.bincount(self.predicted_place, minlength=len(self.pairs.predicted))

    @cached_property
    def swallowed(self) -> NDArray[np.bool_]:
        """Which true objects (T,) share a partner with another."""
        merging = (self.of_predicted > 1)[self.predicted_place]
        return there(self.true_place[merging], len(self.pairs.true))

    @cached_property
    def parts(self) -> NDArray[np.bool_]:
        """Which predicted objects (P,) share a partner with another."""
        divided = (self.of_true > 1)[self.true_place]
        return there(self.predicted_place[divided], len(self.pairs.predicted))

    @cached_property
    def true_iou(self) -> NDArray[np.float64]:
        """The highest IoU of each true object with a partner (T,), 0 without one."""
        return highest(self.true_place, self.iou, len(self.pairs.true))

    @cached_property
    def predicted_iou(self) -> NDArray[np.float64]:
        """The highest IoU of each predicted object with a partner (P,), 0 without one."""
        return highest(self.predicted_place, self.iou, len(self.pairs.predicted))


@dataclass(frozen=True, kw_only=True, eq=False)
class Ledger:
    """The fates of all objects of one image: of the true ones (T,) and the predicted ones (P,).

    In the order of `pairs.true` and `pairs.predicted`.
    """

    partners: Partners
    true_fates: tuple[Fate, ...]
    predicted_fates: tuple[Fate, ...]

    @property
    def pairs(self) -> ObjectPairs:
        """The objects, and what each two of them share."""
        return self.partners.pairs

    @property
    def true_iou(self) -> NDArray[np.float64]:
        """The highest IoU of each true object with a partner (T,), 0 without one."""
        return self.partners.true_iou

    def joined(self, one: int, other: int) -> bool:
        """Return whether one predicted object is partner of two true ones, given by number."""
        places = np.searchsorted(self.pairs.true.numbers, [one, other])
        mine, others = (
            self.partners.predicted_place[self.partners.true_place == place] for place in places
        )
        return bool(np.isin(mine, others).any())

    @cached_property
    def of_true(self) -> Counter[Fate]:
        """How many true objects met each fate; the sum is the number of true objects."""
        return Counter(self.true_fates)

    @property
    def judged(self) -> int:
        """How many predicted objects do not lie outside of what was annotated."""
        return len(self.predicted_fates) - self.of_predicted[Fate.OUTSIDE]

    @cached_property
    def of_predicted(self) -> Counter[Fate]:
        """How many predicted objects met each fate; the sum is the number of them."""
        return Counter(self.predicted_fates)


def ledger(
    truth: NDArray[np.integer],
    predicted: NDArray[np.integer],
    *,
    least_iou: float = 0.5,
    complete: bool = True,
) -> Ledger:
    """Return what became of the objects of two label images (Y, X), background 0.

    `least_iou` in 0..1 tells kept from wobble. Where the truth is not `complete` a predicted object
    without a partner lies outside of what was annotated; so does one of which more than half lies
    where the truth is IGNORE. Raises DataError and ModelError as `pairs` does. Merges and splits as
    errors of their own: Caicedo et al. 2019, doi:10.1002/cyto.a.23863; the partners are ours.

    >>> found = ledger(np.array([[1, 1, 0, 2, 2, 0, 3, 3]]), np.array([[7, 7, 0, 4, 4, 4, 4, 4]]))
    >>> [str(fate) for fate in found.true_fates], [str(fate) for fate in found.predicted_fates]
    (['kept', 'merged', 'merged'], ['merged', 'kept'])
    """
    found = partners(pairs(truth, predicted))
    return Ledger(
        partners=found,
        true_fates=true_fates(found, least_iou),
        predicted_fates=predicted_fates(found, least_iou, complete=complete),
    )


def partners(both: ObjectPairs) -> Partners:
    """Return each two objects that share more than half of the smaller one."""
    true, predicted = both.true.areas[both.true_place], both.predicted.areas[both.predicted_place]
    chosen = 2 * both.shared > np.minimum(true, predicted)
    return Partners(
        pairs=both,
        true_place=both.true_place[chosen],
        predicted_place=both.predicted_place[chosen],
        iou=both.iou[chosen],
    )


def true_fates(found: Partners, least_iou: float) -> tuple[Fate, ...]:
    """Return the fate of each true object; a later line wins over an earlier one."""
    true, fates = found.pairs.true, np.full(len(found.pairs.true), Fate.WOBBLE, object)
    fates[found.true_iou >= least_iou] = Fate.KEPT
    fates[found.of_true > 1] = Fate.SPLIT
    fates[found.swallowed] = Fate.MERGED
    fates[found.of_true == 0] = Fate.MISSED
    fates[(found.of_true == 0) & slivers(true, true)] = Fate.CUT
    return tuple(fates)


def predicted_fates(found: Partners, least_iou: float, *, complete: bool) -> tuple[Fate, ...]:
    """Return the fate of each predicted object; a later line wins over an earlier one."""
    predicted, alone = found.pairs.predicted, found.of_predicted == 0
    fates = np.full(len(predicted), Fate.WOBBLE, object)
    fates[found.predicted_iou >= least_iou] = Fate.KEPT
    fates[found.parts] = Fate.SPLIT
    fates[found.of_predicted > 1] = Fate.MERGED
    fates[alone] = Fate.INVENTED
    fates[alone & slivers(predicted, found.pairs.true)] = Fate.CUT
    fates[alone & (found.pairs.unjudged | (not complete))] = Fate.OUTSIDE
    return tuple(fates)


def slivers(objects: Objects, true: Objects) -> NDArray[np.bool_]:
    """Return which objects are slivers at the frame's edge, by the whole true objects' median."""
    whole = true.areas[~true.at_edge]
    least = SLIVER * float(np.median(whole)) if len(whole) else 0.0
    return objects.at_edge & (objects.areas < least)


def highest(
    places: NDArray[np.int64], values: NDArray[np.float64], many: int
) -> NDArray[np.float64]:
    """Return the highest value at each of so many places, 0 where there is none."""
    found = np.zeros(many)
    np.maximum.at(found, places, values)
    return found


def there(places: NDArray[np.int64], many: int) -> NDArray[np.bool_]:
    """Return which of so many places occur."""
    return np.bincount(places, minlength=many) > 0
