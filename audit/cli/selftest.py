"""Audit the audit: plant flaws, and see whether the rules named for them catch them.

Each flaw is put into a network, and looked for by the probes that are named for it. Where the
network does not differ from its healthy twin (a network without the flaw), the flaw has no
effect on these images and is not counted as missed. Twins are judged by the whole policy, unless
--quick asks them about the flaw alone. A few flaws bring simulated images of their own, unless
--train or --test name others. Leaves tables as HTML, Markdown and CSV, and a record for each audit.
What was trained is kept, and a second run only judges. Exits with 1 where a flaw was missed or a
healthy twin failed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from audit.probing.probe import Probe
    from baselines.flaws.flaw import Flaw
    from baselines.flaws.images import FlawImages
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
    parser.add_argument("--seeds", type=int, default=1, help="how often each flaw is planted (1)")
    parser.add_argument("--quick", action="store_true", help="ask twins by the named probes alone")
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
    from reports.selftest import WordTable, write_selftest

    if wanted.list:
        show_table(("flaw", "how it is planted"), [(f.name, f.planted) for f in FLAWS.values()])
        return 0
    check_folder(wanted.out)
    prepare_process(wanted.threads)
    card = examined(wanted)
    for name, text in (("selftest.md", card.markdown()), ("selftest.csv", card.csv())):
        write_whole(wanted.out / name, text, text.partition("\n")[0])
    sheets = [WordTable(title=one.title, head=one.head, rows=one.rows) for one in card.tables()]
    write_selftest(wanted.out / "selftest.html", card.summary, sheets, card.legend)
    for sheet in sheets:
        console.print(f"[bold]{sheet.title}[/]")
        show_table(sheet.head, list(sheet.rows))
    for sentence in card.summary:
        console.print(sentence, markup=False)
    return 0 if card.clean else 1


def examined(wanted: Namespace) -> Scorecard:
    """Return what became of each flaw that was asked for."""
    from audit.application.roles import cache
    from audit.cli.screen import Bar
    from audit.policy.reading import load_policy
    from baselines.recipe import Recipe
    from baselines.scorecard import Scorecard
    from baselines.selftest import Selftest

    trials = []
    with Bar() as bar:
        selftest = Selftest(
            material=read(wanted),
            out=wanted.out,
            cache=cache(),
            recipe=Recipe(epochs=wanted.epochs),
            references=wanted.references,
            scenes=wanted.train == wanted.test == DATA,
            policy=load_policy(wanted.policy),
            whole=() if wanted.quick else every_probe(),
            training=bar.trained,
        )
        seeds = selftest.seeds(wanted.seeds)
        for number, flaw in enumerate(flaws := chosen(wanted, selftest)):
            bar.update("flaws", number, len(flaws), flaw.name)
            trials += [selftest.trial(flaw, seed) for seed in seeds]
        bar.update("flaws", len(flaws), len(flaws), "healthy twins")
        return Scorecard(tuple(trials), tuple(selftest.twins(flaws, seeds)))


def every_probe() -> tuple[Probe, ...]:
    """Return the probes that healthy twins are asked by: those of the profile of a gate."""
    from audit.application.composition import select_probes
    from audit.application.settings import Settings

    return select_probes(Settings(profile="ci"))


def read(wanted: Namespace) -> FlawImages:
    """Return the images to learn from and those to audit on."""
    from audit.datasets.open import open_dataset
    from baselines.flaws.images import FlawImages

    train = open_dataset(wanted.train, part="train", every=wanted.every)
    test = open_dataset(wanted.test, part="test", every=wanted.test_every, limit=wanted.limit)
    return FlawImages(train=train.samples, test=test.samples)


def chosen(wanted: Namespace, selftest: Selftest) -> list[Flaw]:
    """Return the flaws that were asked for; by default those that their images can show."""
    from baselines.flaws.plant import find

    if wanted.flaws:
        return [find(name.strip()) for name in wanted.flaws.split(",")]
    return selftest.suited()
