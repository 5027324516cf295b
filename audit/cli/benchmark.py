"""Train recipes on datasets, audit what was trained, and compare it on one page.

A recipe says how a network is trained (bioaudit train --help); its name, or a TOML file. Four
questions of the courses are answered with numbers, each with its own figure:

  augmentation  does augmentation help robustness?  standard against no-augmentation
  weighting     do weights help a rare class?       where there are three classes or more
  images        how many training images are enough?  5, 10, 20, 50, 100, tested on the same images
  scales        what does a larger receptive field buy?  U-Nets of 2, 3, 4 and 5 scales

The last two take long, and are asked of the first suitable dataset only. A dataset brings training
and test images: a simulated set (simulated:2k-10, simulated:2k-100, simulated:3k-100, each also
with @distance for 12 classes of distance), a challenge dataset's folder (learns from 01, is tested
on 02), or a folder with train and test in it.

Networks are compared image by image, with a 5 % risk that a table marks any false difference. Marks
hold for these very movies; where there are several, intervals for other movies are shown too. With
one seed, results are about these very networks; with --seeds 3 they are about recipes.
What was trained and measured is kept: the same command goes on where it was stopped.

Try:

  bioaudit benchmark --quick
  bioaudit benchmark --datasets simulated:3k-100 --questions weighting --seeds 3
  bioaudit benchmark --datasets PhC-C2DH-U373 --questions augmentation --recipes mine.toml
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping, Sequence

    from audit.datasets.sample import Sample
    from baselines.benchmark.halves import Halves
    from baselines.benchmark.plan import Known, Wish
    from baselines.recipe import Recipe

DATASETS = "simulated:2k-100,simulated:3k-100,simulated:2k-10"
QUICK = {"epochs": 8, "steps": 10, "crop_px": 64}


def names(text: str) -> tuple[str, ...]:
    """Return names that were separated by commas; none where the text is empty."""
    return tuple(one.strip() for one in text.split(",") if one.strip())


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit benchmark`."""
    what = parser.add_argument_group("what is compared")
    what.add_argument("--datasets", type=names, default=names(DATASETS), help=f"({DATASETS})")
    what.add_argument("--questions", type=names, help="names, separated by commas; '' for none")
    what.add_argument("--recipes", type=names, default=(), help="further recipes for the tables")
    what.add_argument("--images", type=numbers, help="of the learning curve (5,10,20,50,100)")
    what.add_argument("--seeds", type=int, default=1, help="networks a recipe (1)")
    how = parser.add_argument_group("how")
    how.add_argument("--profile", default="benchmark", help="what is asked (benchmark), or full")
    how.add_argument("--probes", help="suites or probes instead, separated by commas")
    how.add_argument("--limit", type=int, help="test images a dataset (as the profile says)")
    how.add_argument("--epochs", type=int, help="instead of each recipe's")
    how.add_argument(
        "--quick",
        action="store_true",
        help="80 small steps of training, 4 test images: shows the page, proves nothing",
    )
    how.add_argument("--out", type=Path, default=Path("bioaudit-benchmark"))
    how.add_argument(
        "--store", type=Path, metavar="FOLDER", help="keep the standard networks as references"
    )
    how.add_argument("--device", default="auto", help="auto, cpu or cuda")
    how.add_argument("--threads", type=int)


def numbers(text: str) -> tuple[int, ...]:
    """Return whole numbers above one that were separated by commas."""
    try:
        found = tuple(int(one) for one in names(text))
    except ValueError:
        found = ()
    if not found or min(found) < 2:  # noqa: PLR2004 (one image learns, one validates)
        raise argparse.ArgumentTypeError(f"{text}: expected numbers from 2 on, as in 5,10,20")
    return found


def main(wanted: Namespace) -> int:
    """Train, audit, and leave the page; what is finished already is passed over."""
    from rich.markup import escape

    from audit.application.composition import prepare_process
    from audit.cli.networks import compared, keep_references, kept_at, made
    from audit.cli.screen import Bar, console
    from audit.files import check_folder, own_folder
    from baselines.benchmark.plan import entries, put
    from baselines.stored import check_kept
    from reports.benchmark.page import write

    prepare_process(wanted.threads)
    wish = wished(wanted)
    data = {one.name: (one, one.learn()) for one in opened(wanted.datasets)}
    known = facts_of(data)
    questions, todo = put(wish, known), entries(wish, known)
    check_folder(wanted.out)
    for name in data if wanted.store else ():
        check_kept(kept_at(wanted.store, name))
    own_folder(wanted.out)
    with Bar() as bar:
        networks = []
        for number, entry in enumerate(todo):
            bar.update("networks", number, len(todo), f"{entry.dataset}, {entry.name}")
            networks.append(made(entry, *data[entry.dataset], wanted, bar))
        bar.update("networks", len(todo), len(todo), "")
    if wanted.store:
        keep_references(wanted.store, networks, wish)
    whole = compared(wanted, networks, questions, [entry.recipe for entry in todo])
    page = write(wanted.out / "benchmark.html", whole)
    console.print(f"{len(networks)} networks. page: {escape(str(page))}")
    return 0


def wished(wanted: Namespace) -> Wish:
    """Return what the options ask for, checked before anything is trained."""
    from audit.application.profile import load_profile
    from audit.errors import UsageError
    from baselines.benchmark.plan import Wish

    load_profile(wanted.profile)
    if wanted.seeds < 1:
        raise UsageError(f"--seeds {wanted.seeds}: expected at least 1")
    other: dict[str, int] = dict(QUICK) if wanted.quick else {}
    if wanted.epochs is not None:
        other["epochs"] = wanted.epochs
    wish = Wish(recipes=wanted.recipes, seeds=wanted.seeds, change=lambda one: cut(one, other))
    if wanted.questions is not None:
        wish = replace(wish, questions=wanted.questions)
    return replace(wish, images=wanted.images) if wanted.images else wish


def cut(recipe: Recipe, other: Mapping[str, int]) -> Recipe:
    """Return a recipe with other numbers: fewer epochs, fewer and smaller steps."""
    from audit.declared import shaped
    from audit.errors import UsageError
    from baselines.recipe import Recipe

    return shaped(Recipe, recipe.model_dump() | dict(other), "--epochs", UsageError)


def opened(texts: Sequence[str]) -> list[Halves]:
    """Return the datasets; UsageError where two have one name."""
    from audit.errors import UsageError
    from baselines.benchmark.halves import halves

    found = [halves(text) for text in texts]
    if len({one.name for one in found}) < len(found):
        raise UsageError(f"--datasets: two of one name in {', '.join(one.name for one in found)}")
    if not found:
        raise UsageError("--datasets: expected at least one")
    return found


def facts_of(data: Mapping[str, tuple[Halves, tuple[Sample, ...]]]) -> dict[str, Known]:
    """Return what decides which questions suit each dataset."""
    from baselines.benchmark.halves import classes
    from baselines.benchmark.plan import Known

    return {
        name: Known(images=len(samples), classes=classes(samples))
        for name, (_, samples) in data.items()
    }
