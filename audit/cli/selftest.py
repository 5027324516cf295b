"""Audit the audit: plant flaws, and see whether the rules named for them catch them.

Each flaw is put into a network, which is audited beside its healthy twin by the probes that are
named for the flaw, and by no others. A few flaws bring simulated images of their own, unless
--train or --test name others. Leaves the table as Markdown and CSV, and a record for each
audit. What was trained is kept, and a second run only judges. Exits with 1 where a flaw was missed
or a healthy twin failed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from baselines.flaws.flaw import Flaw, Material
    from baselines.scorecard import Scorecard
    from baselines.selftest import Selftest

DATA = "simulated:2k-10"
EPOCHS = 16


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit selftest`."""
    parser.add_argument("--flaws", help="names, separated by commas (all that suit the images)")
    parser.add_argument("--train", default=DATA, help=f"images to learn from ({DATA})")
    parser.add_argument("--test", default=DATA, help=f"images to audit on ({DATA})")
    parser.add_argument("--every", type=int, default=1, help="take every n-th training image")
    parser.add_argument("--test-every", type=int, default=1, help="take every n-th test image")
    parser.add_argument("--limit", type=int, help="take at most so many test images")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"of each training ({EPOCHS})")
    parser.add_argument("--references", type=int, default=3, help="further healthy networks (3)")
    parser.add_argument("--policy", help="review, ci, course, or a TOML file: see bioaudit policy")
    parser.add_argument("--out", type=Path, default=Path("bioaudit-selftest"))
    parser.add_argument("--threads", type=int)
    parser.add_argument("--list", action="store_true", help="list the flaws and stop")


def main(wanted: Namespace) -> int:
    """Plant, audit, and show the table."""
    from audit.application.composition import prepare_process
    from audit.cli.screen import console, show_table
    from audit.files import check_folder, write_whole
    from baselines.flaws.plant import FLAWS
    from baselines.scorecard import HEADER

    if wanted.list:
        show_table(("flaw", "how it is planted"), [(f.name, f.planted) for f in FLAWS.values()])
        return 0
    check_folder(wanted.out)
    prepare_process(wanted.threads)
    card = examined(wanted)
    for name, text in (("selftest.md", card.markdown()), ("selftest.csv", card.csv())):
        write_whole(wanted.out / name, text, text.partition("\n")[0])
    show_table(HEADER, list(card.rows()))
    for sentence in card.summary:
        console.print(sentence)
    return 0 if card.clean else 1


def examined(wanted: Namespace) -> Scorecard:
    """Return what became of each flaw that was asked for."""
    from audit.application.composition import cache
    from audit.cli.screen import Bar
    from audit.policy.reading import load_policy
    from baselines.recipe import Recipe
    from baselines.scorecard import Scorecard
    from baselines.selftest import Selftest

    lines = []
    with Bar() as bar:
        selftest = Selftest(
            material=read(wanted),
            out=wanted.out,
            cache=cache(),
            recipe=Recipe(epochs=wanted.epochs),
            references=wanted.references,
            scenes=wanted.train == wanted.test == DATA,
            policy=load_policy(wanted.policy),
            training=bar.trained,
        )
        for number, flaw in enumerate(flaws := chosen(wanted, selftest)):
            bar.update("flaws", number, len(flaws), flaw.name)
            lines += selftest.lines(flaw)
    return Scorecard(tuple(lines))


def read(wanted: Namespace) -> Material:
    """Return the images to learn from and those to audit on."""
    from audit.datasets.open import open_dataset
    from baselines.flaws.flaw import Material

    train = open_dataset(wanted.train, part="train", every=wanted.every)
    test = open_dataset(wanted.test, part="test", every=wanted.test_every, limit=wanted.limit)
    return Material(train=train.samples, test=test.samples)


def chosen(wanted: Namespace, selftest: Selftest) -> list[Flaw]:
    """Return the flaws that were asked for; by default those that their images can show."""
    from baselines.flaws.plant import find

    if wanted.flaws:
        return [find(name.strip()) for name in wanted.flaws.split(",")]
    return selftest.suited()
