"""Find test images in the training set: copies, turns, crops, neighbouring frames. No model needed.

TRAIN and TEST are folders, Cell Tracking Challenge sequences, or tables (CSV, TSV) with a column
`path`; only a table with a column `split` may stand for both. With --model the score is told with
and without the images that leaked.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from audit.application.result import Result
    from audit.policy.policy import Policy

SUITE = "leakage"
ALONE = ("exact", "near", "neighbours", "split")
"""The probes that ask no model."""

READING = (
    "truth",
    "labels",
    "map_labels",
    "axes",
    "channel",
    "group",
    "every",
    "limit",
    "allow_unpaired",
)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit leakage`."""
    from audit.application.settings import DECLARED, Settings
    from audit.cli.options import add_options, add_verbose
    from audit.models.card import Card

    parser.add_argument("train", help="the images that a model is, or was, trained on")
    parser.add_argument(
        "test", nargs="?", help="the images to test on; a table with a split may lack it"
    )
    add_options(parser, Settings, ("model",))
    add_options(parser.add_argument_group("what the model's card does not say"), Card, DECLARED)
    add_options(
        parser.add_argument_group("for the question whether the test images were trained on"),
        Settings,
        ("reference", "other"),
        other="other movies of the same condition, surely not trained on",
    )
    add_options(parser, Settings, READING)
    parser.add_argument("--policy", help="review, ci, course, or a TOML file: see bioaudit policy")
    parser.add_argument("--out", default="bioaudit-leakage", help="where the report is left")
    add_verbose(parser)


def main(wanted: Namespace) -> int:
    """Search, judge, list the pairs, report; return the exit code of the verdict."""
    from audit.application.interface import run
    from audit.application.settings import DECLARED, settings
    from audit.cli.run import check_page, conclude
    from audit.cli.screen import Bar
    from audit.policy.reading import load_policy

    policy = about_leakage(load_policy(wanted.policy), model=wanted.model is not None)
    shared = ("model", *DECLARED, "reference", "other", *READING)
    given = {name: getattr(wanted, name) for name in shared if getattr(wanted, name) is not None}
    chosen = settings(
        given
        | {"train": wanted.train, "test": test_images(wanted), "out": wanted.out}
        | {"probes": (SUITE,) if wanted.model else tuple(f"{SUITE}.{name}" for name in ALONE)}
    )
    check_page(Path(wanted.out))
    with Bar() as bar:
        result = run(chosen, say=bar.audited)
    show_pairs(result)
    return conclude(result, policy, Path(wanted.out), wanted=wanted)


def test_images(wanted: Namespace) -> str:
    """Return the images to test on; UsageError where they would be the training images again."""
    from audit.datasets.table import SPLIT, cell, is_table, rows
    from audit.errors import UsageError
    from audit.images.reading import plain

    if wanted.test is not None:
        return str(wanted.test)
    table = Path(wanted.train)
    if is_table(table) and cell(rows(table)[0], SPLIT) is not None:
        return str(wanted.train)
    raise UsageError(
        f"{plain(wanted.train)}: alone it would be compared with itself; name the test images as "
        "well: only a table with a column `split` may stand for both"
    )


def about_leakage(policy: Policy, *, model: bool) -> Policy:
    """Return the rules of a policy on leakage; without a model, those that need none."""
    return policy.only(
        lambda rule: (
            rule.suite == SUITE and (model or rule.probe.removeprefix(f"{SUITE}.") in ALONE)
        )
    )


def show_pairs(result: Result) -> None:
    """Print every pair that was found, each once, by the first probe that found it."""
    from audit.cli.screen import show_table
    from audit.record.record import Record
    from audit.role import AUDITED

    listed: dict[tuple[str, str], tuple[str, ...]] = {}
    with Record(result.path, readonly=True) as record:
        digest = record.roles().get(AUDITED, "")
        for name in ALONE:
            for row in record.measurements(f"{SUITE}.{name}", digest, "pair_correlation"):
                pair = str(row.at["image"]), str(row.at["twin"])
                listed.setdefault(pair, (*pair, str(row.at["kind"]), f"{row.value:.2f}", name))
    if listed:
        show_table(
            ("test image", "training image", "kind", "correlation", "found by"),
            [listed[pair] for pair in sorted(listed)],
        )
