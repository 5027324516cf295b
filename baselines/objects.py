"""What a network learns of single objects: their bodies, and the boundaries that part them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.ndimage import label
from torch.nn.functional import interpolate

from audit.datasets.simulated import depths
from audit.errors import DataError
from audit.imaging.objects import true_objects
from audit.meaning import IGNORE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray
    from torch import Tensor

    from audit.datasets.sample import Sample

HEADS = ("background", "foreground", "boundary")
"""What each channel is, by its number."""

SMALL = 0.01
"""The share of the training objects that are smaller than what counts as a small one."""

BODY, BOUNDARY = 1, 2

LARGEST_SHARE = 0.5
"""A boundary takes at most this share of an object's depth, so that the smallest has a body."""


def declared(samples: Sequence[Sample]) -> dict[str, Any]:
    """Return how a card declares such a network's channels, and what makes objects of them.

    What is less than half as large as a small training object is left out as a speck.
    """
    check_numbered(samples)
    areas = areas_px(samples)
    return {
        "heads": HEADS,
        "classes": len(HEADS),
        "decoder": "watershed",
        "smallest_px": int(np.quantile(areas, SMALL) / 2),
    }


def areas_px(samples: Sequence[Sample]) -> list[int]:
    """Return the areas in px of all objects; where they are not numbered, of connected areas."""
    found = list[int]()
    for sample in samples:
        assert sample.mask is not None
        numbers = sample.instances() if sample.instances else label(sample.mask() > 0)[0]
        counts = torch.bincount(torch.from_numpy(numbers).long().reshape(-1))
        found += [area for area in counts[1:].tolist() if area]
    return found


def check_numbered(samples: Sequence[Sample]) -> None:
    """Refuse training images whose objects are not told apart."""
    plain = next((sample.id for sample in samples if sample.instances is None), None)
    if plain is not None:
        raise DataError(
            f"{plain}: the recipe learns single objects, but the truth numbers none; give masks "
            "with a number an object (--labels instances), or take a recipe without boundary_px"
        )


def body_and_boundary(sample: Sample, size: tuple[int, int], width_px: float) -> Tensor:
    """Return 0, BODY or BOUNDARY at each pixel (Y, X) of a working size, IGNORE where not judged.

    A boundary lies inside its object, so many px of the working size wide; between objects that
    touch there are two. Boundary classes part objects as in Caicedo et al. 2019,
    doi:10.1002/cyto.a.23863.
    """
    assert sample.mask is not None
    mask = torch.from_numpy(sample.mask())
    objects = true_objects(sample, mask).where(mask != IGNORE, IGNORE)
    numbers = interpolate(objects[None, None].double(), size, mode="nearest-exact")[0, 0].long()
    found = torch.from_numpy(parted(numbers.clamp_min(0).numpy(), width_px))
    return found.where(numbers != IGNORE, IGNORE)


def parted(objects: NDArray[np.integer], width_px: float) -> NDArray[np.int64]:
    """Return 0, BODY or BOUNDARY at each pixel of numbered objects, both int64 (Y, X).

    >>> parted(np.array([[0, 1, 1, 1, 1, 1, 2, 2, 2, 2]]), 1).tolist()
    [[0, 2, 1, 1, 1, 2, 2, 1, 1, 1]]
    """
    depth = depths(objects)
    deepest = np.zeros(int(objects.max()) + 1)
    np.maximum.at(deepest, objects.ravel(), depth.ravel())
    width = np.minimum(width_px, LARGEST_SHARE * deepest[objects])
    return np.where(objects > 0, np.where(depth > width, BODY, BOUNDARY), 0)
