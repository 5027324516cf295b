"""What each channel of a network seems to be, by its numbers and by the truth of one image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.models.contradiction import looks_activated, sums_to_one
from audit.models.misplaced import overlap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

CLEAR, STEADY = 0.5, 0.8
"""An overlap, and a correlation with distances, from which a channel is said to be something."""

DISTANCE = "distance"


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One channel (Y, X): its range, and how much of it is above the middle.

    The middle is 0.5 of probabilities and 0 of logits. `fits` is how well the channel agrees with
    what the truth holds: overlaps (IoU) with foreground, background and boundary, the correlation
    with the distance from the rim.
    """

    number: int
    low: float
    high: float
    activated: bool
    above: float
    fits: Mapping[str, float]

    @property
    def seems(self) -> str:
        """What the channel seems to be; "unknown" where nothing fits clearly.

        A distance from the rim is above 0 in the foreground too, and rises within it.
        """
        if not self.activated and self.fits.get(DISTANCE, 0.0) >= STEADY:
            return DISTANCE
        best = max(self.fits, key=lambda one: self.fits[one], default="")
        return best if best and self.fits[best] >= CLEAR else "unknown"


def channels_of(output: Tensor, objects: Tensor | None) -> list[Channel]:
    """Return what each of the channels (C, Y, X) seems to be, beside true objects (Y, X).

    Objects are numbered from 1; where the truth is a mask, its foreground is one.
    """
    shares = sums_to_one(output[None])
    known = {} if objects is None else truths(objects)
    return [
        channel(plane, number, known, activated=shares or looks_activated(plane[None, None]))
        for number, plane in enumerate(output)
    ]


def channel(plane: Tensor, number: int, known: Mapping[str, Tensor], *, activated: bool) -> Channel:
    """Return what one channel seems to be."""
    above = plane > (0.5 if activated else 0.0)
    fits = {name: overlap(above, truth) for name, truth in known.items() if name != DISTANCE}
    if DISTANCE in known:
        fits[DISTANCE] = correlation(plane, known[DISTANCE], known["foreground"])
    return Channel(
        number=number,
        low=float(plane.min()),
        high=float(plane.max()),
        activated=activated,
        above=float(above.double().mean()),
        fits=fits,
    )


def truths(objects: Tensor) -> dict[str, Tensor]:
    """Return what channels are compared with: masks, and the distance from the rim in px."""
    import torch
    from scipy.ndimage import distance_transform_edt
    from skimage.segmentation import find_boundaries

    numbers = objects.cpu().numpy()
    rims = find_boundaries(numbers)  # type: ignore[no-untyped-call]
    found = {
        "foreground": numbers > 0,
        "background": numbers == 0,
        "boundary": rims,
        DISTANCE: distance_transform_edt((numbers > 0) & ~rims),
    }
    return {
        name: torch.from_numpy(np.asarray(one)).to(objects.device) for name, one in found.items()
    }


def correlation(plane: Tensor, distance: Tensor, inside: Tensor) -> float:
    """Return Pearson's correlation of a channel with the distance within objects; 0 where flat."""
    one, other = plane[inside].double(), distance[inside].double()
    if len(one) < 2 or not float(one.std()) or not float(other.std()):  # noqa: PLR2004
        return 0.0
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).sum() / (one.square().sum() * other.square().sum()).sqrt())
