"""Train a reference network by a recipe; the standard one: U-Net, 3 scales, cross-entropy, Adam.

A recipe is a name (--list-recipes says which there are, and what each teaches) or a TOML file.
With --flaw the network gets a planted flaw; bioaudit selftest --list says which there are.
Leaves a folder that `bioaudit run --model` takes: the best and the last weights, the model card,
the training log (Keras columns) and the manifest of the split.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

READING = ("labels", "map_labels", "axes", "channel")
"""The options of how files are read."""

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from audit.datasets.sample import Sample
    from baselines.recipe import Recipe
    from baselines.training import Trained


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit train`."""
    from audit.application.settings import ImageSettings
    from audit.cli.options import add_options

    parser.add_argument(
        "images", nargs="?", help="the images to learn from, as for bioaudit run --train"
    )
    parser.add_argument("--out", type=Path, default=Path("bioaudit-network"))
    parser.add_argument("--recipe", default="standard", help="a name, or a TOML file (standard)")
    parser.add_argument("--list-recipes", action="store_true", help="list the recipes and stop")
    parser.add_argument("--flaw", help="plant a flaw, to see it caught: half-resolution, minmax, …")
    parser.add_argument("--test", help="the test images, for flaws that cheat with them")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=int, default=1, help="take every n-th image")
    parser.add_argument("--truth", default="auto", help="auto, gold or silver")
    add_options(parser, ImageSettings, READING)
    parser.add_argument(
        "--target", default="mask", help="mask or distance: 12 classes of distance (simulated)"
    )
    parser.add_argument("--pixel-um", type=float, help="the edge of a pixel in micrometres")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int)


def main(wanted: Namespace) -> int:
    """Train, and say where the network is; or list the recipes."""
    from audit.application.composition import find_device, prepare_process
    from audit.cli.screen import Bar, show_table
    from audit.errors import UsageError
    from audit.files import check_folder
    from baselines.flaws.images import FlawImages
    from baselines.flaws.plant import NONE, find, plant_into

    if wanted.list_recipes:
        show_table(("recipe", "what it does, and what to look for", "settings"), list(listed()))
        return 0
    if wanted.images is None:
        raise UsageError("say which images to learn from, as for bioaudit run --train")
    check_folder(wanted.out)
    prepare_process(wanted.threads)
    recipe = choose_recipe(wanted)
    samples = read(wanted, wanted.images, "train")
    test = read(wanted, wanted.test, "test") if wanted.test else ()
    with Bar() as bar:
        trained = plant_into(
            wanted.out,
            find(wanted.flaw) if wanted.flaw else NONE,
            FlawImages(train=samples, test=test),
            recipe,
            seed=wanted.seed,
            device=find_device(wanted.device),
            say=bar.trained("train"),
        )
    conclude(trained, recipe, wanted.out)
    return 0


def conclude(trained: Trained, recipe: Recipe, folder: Path) -> None:
    """Say how the training went, and what to do next."""
    from rich.markup import escape

    from audit.cli.screen import console

    best = min(trained.log, key=lambda epoch: epoch.val_loss)
    early = f", stopped early ({recipe.epochs} allowed)" * (len(trained.log) < recipe.epochs)
    console.print(
        f"best epoch {best.epoch} of {len(trained.log)}{early}, validation IoU {best.val_iou:.3f}; "
        f"audit it: bioaudit run --model {escape(str(folder))} --test IMAGES"
    )


def listed() -> Iterator[tuple[str, str, str]]:
    """Yield the name of each recipe, what it is for, and the lines by which it is not standard."""
    from baselines.recipe import load_recipe, recipes

    for name in recipes():
        recipe = load_recipe(name)
        keys = recipe.model_dump(mode="json", exclude_defaults=True, exclude={"name", "about"})
        lines = (f"{key} = {json.dumps(value)}" for key, value in keys.items())
        yield name, recipe.about, "\n".join(lines)


def choose_recipe(wanted: Namespace) -> Recipe:
    """Return the recipe that the options ask for."""
    from audit.declared import shaped
    from audit.errors import UsageError
    from baselines.recipe import Recipe, load_recipe

    recipe = load_recipe(wanted.recipe)
    if wanted.epochs is not None:
        recipe = shaped(Recipe, recipe.model_dump() | {"epochs": wanted.epochs}, "--", UsageError)
    return recipe


def read(wanted: Namespace, images: str, part: str) -> tuple[Sample, ...]:
    """Return the images of one part, read as the options say."""
    from audit.application.settings import settings
    from audit.datasets.open import open_dataset

    given = {name: getattr(wanted, name) for name in READING if getattr(wanted, name) is not None}
    asked = settings(given).model_dump(include={*READING})
    asked["axes"] = asked["axes"] or ""
    return open_dataset(
        images,
        part=part,
        truth=wanted.truth,
        **asked,
        target=wanted.target,
        pixel_um=wanted.pixel_um,
        every=wanted.every,
    ).samples
