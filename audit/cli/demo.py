"""Train on simulated cells, audit what was trained, and leave a report: no data needed.

With --flaw half-resolution the network is trained on images of half the resolution: look at what
the report says of it. Exits with 0 whatever the verdict, for it only demonstrates.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

DATA = "simulated:2k-10"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit demo`."""
    parser.add_argument("--out", type=Path, default=Path("bioaudit-demo"))
    parser.add_argument("--flaw", help="plant a flaw in the audited network: half-resolution")
    parser.add_argument("--quick", action="store_true", help="one epoch, three images: a self-test")
    parser.add_argument("--seed", type=int, default=0)


def main(wanted: Namespace) -> int:
    """Train, audit, judge, report; a demonstration succeeds where a report stands in the end."""
    from audit.cli.run import conclude
    from audit.cli.screen import Bar
    from audit.composition import prepare_process
    from audit.datasets.open import open_dataset
    from audit.interface import run
    from audit.policy.rule import load_policy
    from audit.settings import settings
    from baselines.flaws.plant import plant
    from baselines.recipe import Recipe
    from baselines.reference import train_into

    prepare_process(None)
    recipe = Recipe(epochs=1 if wanted.quick else 16)
    recipe = plant(wanted.flaw, recipe) if wanted.flaw else recipe
    network = wanted.out / "network"
    samples = open_dataset(f"{DATA}:train", part="train").samples
    with Bar() as bar:
        say = bar.trained("train")
        train_into(network, samples, recipe, seed=wanted.seed, say=say)
        asked = {"model": str(network), "test": f"{DATA}:test", "out": str(wanted.out)}
        limit = 3 if wanted.quick else None
        chosen = settings(asked | {"limit": limit, "seed": wanted.seed})
        result = run(chosen, say=bar.audited)
    conclude(result, load_policy(), wanted.out)
    return 0
