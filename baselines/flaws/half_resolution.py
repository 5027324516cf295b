"""A network trained on images of half the resolution of those that it is used on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baselines.flaws.flaw import Flaw

if TYPE_CHECKING:
    from baselines.recipe import Recipe


def half_resolution(healthy: Recipe) -> Recipe:
    """Return a recipe that works on pixels half as large as it was trained on.

    It learns at the resolution of its healthy twin, so that it is no worse a network, and is then
    used on images that are twice as fine. Without any random zoom, which would teach it scales that
    it must not know.

    >>> from baselines.recipe import Recipe
    >>> half_resolution(Recipe()).shrink
    0.5
    """
    changed = {"shrink": 0.5, "zoom": 0.0, "object_px": 2 * healthy.object_px}
    return healthy.model_copy(update=changed)


HALF_RESOLUTION = Flaw(
    name="half-resolution",
    planted="It learns from images shrunk to half, and is used on images that are twice as fine.",
    caught_by=("resolution",),
    recipe=half_resolution,
)
