"""Train on simulated cells, audit what was trained, and leave a report: no data needed.

With --flaw the network gets a planted flaw (bioaudit selftest --list): look at what the report says
of it. Exits with 0 whatever the verdict, for it only demonstrates.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from baselines.flaws.flaw import Flaw
    from baselines.flaws.images import FlawImages

DATA = "simulated:2k-10"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit demo`."""
    from audit.cli.options import add_verbose

    parser.add_argument("--out", type=Path, default=Path("bioaudit-demo"))
    parser.add_argument(
        "--flaw", help="plant a flaw in what is audited: half-resolution, minmax, …"
    )
    parser.add_argument("--quick", action="store_true", help="one epoch, three images: a self-test")
    parser.add_argument("--seed", type=int, default=0)
    add_verbose(parser)


def main(wanted: Namespace) -> int:
    """Train, audit, judge, report; a demonstration succeeds where a report stands in the end."""
    from audit.application.composition import prepare_process
    from audit.application.interface import run
    from audit.application.settings import settings
    from audit.cli.run import check_page, conclude
    from audit.cli.screen import Bar
    from audit.datasets.open import open_dataset
    from audit.files import check_folder, own_folder
    from audit.policy.reading import load_policy
    from baselines.flaws.images import FlawImages
    from baselines.flaws.plant import NONE, find, plant_into
    from baselines.recipe import Recipe

    prepare_process(None)
    check_folder(wanted.out)
    check_page(wanted.out)
    flaw = find(wanted.flaw) if wanted.flaw else NONE
    train, test = (open_dataset(f"{DATA}:{part}", part=part).samples for part in ("train", "test"))
    material = FlawImages(train=train, test=test)
    recipe = Recipe(epochs=1 if wanted.quick else 16)
    network = own_folder(wanted.out) / "network"
    with Bar() as bar:
        say = bar.trained("train")
        plant_into(network, flaw, material, recipe, seed=wanted.seed, say=say)
        asked = {
            "model": str(network),
            "out": str(wanted.out),
            "seed": wanted.seed,
            "profile": "ci",
            "limit": 3 if wanted.quick else None,
        }
        result = run(settings(asked | shown(flaw, material, wanted.out)), say=bar.audited)
    conclude(result, load_policy(), wanted.out, wanted=wanted)
    return 0


def shown(flaw: Flaw, material: FlawImages, out: Path) -> dict[str, Any]:
    """Return what the audit is told of its images; those that the flaw changes become files."""
    from audit.files import own_folder
    from baselines.flaws.export import export

    spoilt = flaw.data(flaw.stage(material))
    if spoilt == material:
        return {part: f"{DATA}:{part}" for part in ("test", "train")}
    images = own_folder(out / "images")
    folders = {part: images / part for part in ("test", "train")}
    labels = [export(getattr(spoilt, part), folder) for part, folder in folders.items()]
    places = {part: str(folder) for part, folder in folders.items()}
    return {**places, "labels": labels[0], "pixel_um": material.test[0].pixel_um}
