"""A network trained on images of half the resolution of those that it is used on.

To be caught by `resolution.scale`: shrinking the images recovers what it lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baselines.recipe import Recipe


def half_resolution(healthy: Recipe) -> Recipe:
    """Return the recipe of the healthy twin, trained on images that were shrunk by two.

    >>> from baselines.recipe import Recipe
    >>> half_resolution(Recipe()).shrink
    0.5
    """
    return healthy.model_copy(update={"name": f"{healthy.name}-half-resolution", "shrink": 0.5})
