"""What a network learns of single objects: their bodies, and the boundaries that part them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.ndimage import label
from torch.nn.functional import interpolate

from audit.datasets.simulated import depths
from audit.errors import DataError
from audit.imaging.objects import diameter
from audit.meaning import IGNORE
from audit.tasks.instance import objects_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray
    from torch import Tensor

    from audit.datasets.sample import Sample
    from baselines.recipe import Recipe

HEADS = ("background", "foreground", "boundary")
"""What each channel is, by its number."""

SMALL = 0.01
"""The share of the training objects that are smaller than what counts as a small one."""

SMALLER = 0.1
"""The share of the training objects that are smaller than those whose depth sets the seeds."""

BODY, BOUNDARY = 1, 2

LARGEST_SHARE = 0.5
"""A boundary takes at most this share of an object's depth, so that the smallest has a body."""


def declared(samples: Sequence[Sample], recipe: Recipe, scale: float) -> tuple[int, dict[str, Any]]:
    """Return how many classes the network learns, and how a card makes objects of what it gives.

    What is less than half as large as a small training object is left out as a speck. Depths seed
    an object from half the radius of a smaller one on, `scale` working pixels a pixel.
    """
    check_numbered(samples)
    areas = areas_px(samples)
    keys = {"decoder": "watershed", "smallest_px": int(np.quantile(areas, SMALL) / 2)}
    if not recipe.depth_px:
        return len(HEADS), keys | {"heads": HEADS, "classes": len(HEADS)}
    radius = scale * diameter(float(np.quantile(areas, SMALLER))) / 2
    seed = round(min(radius, recipe.depth_px) / 2, 2)
    keys |= {"heads": ("distance",), "output": "sigmoid-logits", "seed_threshold": seed}
    return 1 + recipe.depth_px, keys


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
    numbers = numbers_at(sample, size)
    found = torch.from_numpy(parted(numbers.clamp_min(0).numpy(), width_px))
    return found.where(numbers != IGNORE, IGNORE)


def whole_depths(sample: Sample, size: tuple[int, int], deepest_px: int) -> Tensor:
    """Return how deep each pixel (Y, X) of a working size lies inside its object, in whole px.

    0 outside, 1 at the object's own border, at most `deepest_px`, IGNORE where not judged.
    """
    numbers = numbers_at(sample, size)
    found = torch.from_numpy(depths(numbers.clamp_min(0).numpy())).round().long()
    return found.clamp_max(deepest_px).where(numbers != IGNORE, IGNORE)


def numbers_at(sample: Sample, size: tuple[int, int]) -> Tensor:
    """Return the numbers of a sample's objects (Y, X) at a size, IGNORE where not judged."""
    assert sample.mask is not None
    mask = torch.from_numpy(sample.mask())
    numbers = objects_of(sample, mask)[None, None].double()
    return interpolate(numbers, size, mode="nearest-exact")[0, 0].long()


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
