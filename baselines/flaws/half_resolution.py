"""A network trained on images of half the resolution of those that it is used on.

To be caught by `resolution.scale`: shrinking the images recovers what it lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baselines.recipe import Recipe


def half_resolution(healthy: Recipe) -> Recipe:
    """Return the recipe of the healthy twin, trained on images that were shrunk by two.

    Without any random zoom, which would teach the network scales that it must not know.

    >>> from baselines.recipe import Recipe
    >>> half_resolution(Recipe()).shrink
    0.5
    """
    name = f"{healthy.name}-half-resolution"
    return healthy.model_copy(update={"name": name, "shrink": 0.5, "zoom": 0.0})
