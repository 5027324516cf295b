"""Flaws by name, to be planted in a recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import UsageError, suggest
from baselines.flaws.half_resolution import half_resolution

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from baselines.recipe import Recipe

FLAWS: Mapping[str, Callable[[Recipe], Recipe]] = {"half-resolution": half_resolution}


def plant(name: str, healthy: Recipe) -> Recipe:
    """Return the recipe with a flaw planted; UsageError where the flaw is unknown."""
    if name not in FLAWS:
        raise UsageError(f"no flaw {name!r}; {suggest(name, FLAWS)}")
    return FLAWS[name](healthy)
