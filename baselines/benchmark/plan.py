"""Which networks a benchmark trains: recipes by datasets by numbers of images by seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.errors import UsageError, suggest
from baselines.recipe import load_recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from baselines.recipe import Recipe

STANDARD = "standard"
IMAGES = (5, 10, 20, 50, 100)
"""Numbers of training images of a learning curve."""

TWO = 2
"""Background and one kind of object: there is no rare class."""

FEWEST = 2
"""Training needs one image to learn from and one for validation."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What decides which questions suit a dataset: its training images, and its classes."""

    images: int
    classes: int


@dataclass(frozen=True, kw_only=True)
class RecipeQuestion:
    """The recipes to train for a question; all others are compared with the first.

    `suits` tells which datasets it can be put to. A `dear` question takes many networks and is put
    to the first of these alone. A `counted` one varies the number of training images.
    """

    recipes: tuple[str, ...]
    suits: Callable[[Known], bool] = lambda _: True
    dear: bool = False
    counted: bool = False


QUESTIONS = {
    "augmentation": RecipeQuestion(recipes=("no-augmentation", STANDARD)),
    "weighting": RecipeQuestion(
        recipes=(STANDARD, "weighted", "weighted-sampling"), suits=lambda known: known.classes > TWO
    ),
    "images": RecipeQuestion(
        recipes=(STANDARD,),
        suits=lambda known: known.images >= 2 * IMAGES[1],
        dear=True,
        counted=True,
    ),
    "scales": RecipeQuestion(recipes=(STANDARD, "scales-2", "scales-4", "scales-5"), dear=True),
}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One network to be trained and audited."""

    dataset: str
    recipe: Recipe
    images: int
    seed: int = 0

    @property
    def name(self) -> str:
        """What tells it from every other of the same dataset, and names its folder."""
        return f"{self.recipe.name}-{self.images}-images-seed-{self.seed}"


@dataclass(frozen=True, kw_only=True)
class Put:
    """A question put to one dataset, and the networks that answer it, each by its first seed.

    `entries` are in the order of `places`, their positions on the question's axis (images or
    scales); all are compared with `against`.
    """

    question: str
    dataset: str
    entries: tuple[Planned, ...]
    against: Planned
    places: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a benchmark is asked for; `change` makes a recipe shorter, or leaves it as it is."""

    questions: tuple[str, ...] = tuple(QUESTIONS)
    recipes: tuple[str, ...] = ()
    images: tuple[int, ...] = IMAGES
    seeds: int = 1
    change: Callable[[Recipe], Recipe] = lambda recipe: recipe

    def recipe(self, name: str) -> Recipe:
        """Return a recipe by name, changed as wished."""
        return self.change(load_recipe(name))


def put(wish: Wish, datasets: Mapping[str, Known]) -> list[Put]:
    """Return every question with the networks that answer it; UsageError for an unknown one."""
    return list(asked(wish, datasets))


def asked(wish: Wish, datasets: Mapping[str, Known]) -> Iterator[Put]:
    """Yield each question for each dataset that it suits, a dear one for the first alone."""
    for name in wish.questions:
        if name not in QUESTIONS:
            raise UsageError(f"{name}: no such question; {suggest(name, QUESTIONS)}")
        question = QUESTIONS[name]
        suited = [one for one, known in datasets.items() if question.suits(known)]
        for dataset in suited[:1] if question.dear else suited:
            yield posed(name, dataset, datasets[dataset], wish)


def posed(name: str, dataset: str, known: Known, wish: Wish) -> Put:
    """Return one question put to one dataset."""
    question = QUESTIONS[name]
    recipes = [wish.recipe(one) for one in question.recipes]
    counts = curve(wish.images, known.images) if question.counted else [known.images]
    entries = [
        Planned(dataset=dataset, recipe=one, images=many) for one in recipes for many in counts
    ]
    # A learning curve is compared with its last point, recipes with the first of them.
    against = entries[-1] if question.counted else entries[0]
    place = {one: float(one.images if question.counted else depth(one)) for one in entries}
    ordered = tuple(sorted(entries, key=place.__getitem__)) if question.dear else tuple(entries)
    places = tuple(place[one] for one in ordered)
    return Put(question=name, dataset=dataset, entries=ordered, against=against, places=places)


def depth(entry: Planned) -> int:
    """Return how many scales a network has."""
    return len(entry.recipe.widths)


def curve(wanted: Sequence[int], there: int) -> list[int]:
    """Return the numbers of images of a learning curve, which ends with all that there are.

    >>> curve((5, 10, 20, 50, 100), 70)
    [5, 10, 20, 50, 70]
    """
    return [*sorted({one for one in wanted if FEWEST <= one < there}), there]


def entries(wish: Wish, datasets: Mapping[str, Known]) -> list[Planned]:
    """Return every network once: of each dataset the standard recipe first, all seeds of it."""
    first = [
        Planned(dataset=name, recipe=wish.recipe(recipe), images=known.images)
        for name, known in datasets.items()
        for recipe in (STANDARD, *wish.recipes)
    ]
    answering = [one for each in put(wish, datasets) for one in each.entries]
    once = {(one.dataset, one.name): one for one in (*first, *answering)}
    order = list(datasets)
    kept = sorted(once.values(), key=lambda one: order.index(one.dataset))
    return [seeded(one, seed) for one in kept for seed in range(wish.seeds)]


def seeded(entry: Planned, seed: int) -> Planned:
    """Return the same network, trained from another seed."""
    return Planned(dataset=entry.dataset, recipe=entry.recipe, images=entry.images, seed=seed)
