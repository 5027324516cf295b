"""What a planted flaw is: how it differs from its healthy twin, and which rules must find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from baselines.flaws.effect import Effect
    from baselines.flaws.images import FlawImages
    from baselines.recipe import Recipe

Thing = TypeVar("Thing")


def same(thing: Thing) -> Thing:
    """Return the argument unchanged."""
    return thing


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One flaw, and how it gets into a network, its training images or its use.

    Flawed network and healthy twin are trained from one seed. Both get the images changed by
    `stage` and the recipe changed by `twin`, where the flaw needs these to show; `scene` brings
    images of its own where those of the self test cannot show it. The flawed network alone gets
    training images changed by `data`, a recipe changed by `recipe`, and its finished folder changed
    by `finish`. `planted` says so in one sentence. `caught_by` names the rules of the default
    policy that must FAIL, `withheld` those that must not PASS. A flaw that `cheats` is planted with
    the test images; a `modelless` one lies in the images alone, whatever the model; one of `movies`
    needs several frames of a movie. `effect` must be measured in the flawed network, or in its
    training images, before any rule is judged.
    """

    name: str
    planted: str
    caught_by: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    scene: Callable[[], FlawImages] | None = None
    stage: Callable[[FlawImages], FlawImages] = same
    twin: Callable[[Recipe], Recipe] = same
    data: Callable[[FlawImages], FlawImages] = same
    recipe: Callable[[Recipe], Recipe] = same
    finish: Callable[[Path, FlawImages], None] | None = None
    cheats: bool = False
    modelless: bool = False
    movies: bool = False
    effect: Effect | None = None

    def healthy(self, recipe: Recipe) -> Recipe:
        """Return the recipe of the healthy twin."""
        return self.twin(recipe)

    def flawed(self, recipe: Recipe) -> Recipe:
        """Return the recipe of the flawed network, under the flaw's name."""
        name = f"{recipe.name}-{self.name}".rstrip("-")
        return self.recipe(self.twin(recipe)).model_copy(update={"name": name})

    def suits(self, material: FlawImages) -> bool:
        """Return whether the flaw has rules and, where it needs a movie, the images are one."""
        groups = [sample.group for sample in material.test]
        return bool(self.caught_by or self.withheld) and not (
            self.movies and len(set(groups)) == len(groups)
        )
