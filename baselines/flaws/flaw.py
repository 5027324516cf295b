"""What a planted flaw is: where it departs from its healthy twin, and which rules must see it."""

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
    """Return what was given: nothing is done to it."""
    return thing


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One flaw, and how it gets into a network, its training images or its use.

    Flawed network and healthy twin learn with one seed. `stage` and `twin` are what both need for
    the question to be asked at all: other images, another recipe. Where the self test's common
    images cannot be staged so, `scene` brings others. From there the flawed one alone
    departs: `data` spoils what it learns from, `recipe` how it learns, and `finish` changes the
    folder of the trained network. `planted` is one sentence. `caught_by` names the rules of the
    default policy that must FAIL, `withheld` those that must not PASS. Where it `cheats`, the
    test images are needed to plant it; a `modelless` flaw is one of the images alone, whatever the
    model; `movies` asks for frames of a movie. `effect` is what it does, which must be seen in the
    flawed network, or in what it learnt from, before any rule is asked.
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
        """Return whether the material can show the flaw at all."""
        groups = [sample.group for sample in material.test]
        return bool(self.caught_by or self.withheld) and not (
            self.movies and len(set(groups)) == len(groups)
        )
