"""Say what a training log means: overfitted, unfinished, diverged, or a good fit; and what to do.

LOG is a file or a folder, told by its content: Keras CSV and history JSON, ZeroCostDL4Mic,
Lightning and CAREamics metrics.csv, TensorBoard events, nnU-Net, Cellpose, StarDist, YOLO, Hugging
Face trainer_state.json, MLflow, Weights & Biases exports, or any table with --map. Pickles run
code when they are opened, and are refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from audit.policy.rule import Policy
    from audit.result import Result

SUITE = "training"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit diagnose`."""
    parser.add_argument("log", help="the training log, or the folder that holds it")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="train=COLUMN",
        help="which column is what, where it cannot be told: train, val, rate or epoch",
    )
    parser.add_argument("--policy", type=Path, help="a TOML file of rules instead of the default")
    parser.add_argument("--out", default="bioaudit-training", help="where the report is left")


def main(wanted: Namespace) -> int:
    """Read the log, diagnose, report; return the exit code of the verdict."""
    from audit.cli.run import assignment, conclude
    from audit.interface import run
    from audit.policy.rule import load_policy
    from audit.settings import settings

    policy = about_training(load_policy(wanted.policy))
    columns = dict(assignment("columns", one) for one in wanted.map)
    chosen = settings(
        {"log": wanted.log, "columns": columns, "out": wanted.out, "probes": (SUITE,)}
    )
    result = run(chosen)
    show_taken(result)
    return conclude(result, policy, Path(wanted.out))


def about_training(policy: Policy) -> Policy:
    """Return those rules of a policy that a log alone can answer."""
    asked = tuple(rule for rule in policy.rule if rule.suite == SUITE and rule.probe != CHECKPOINT)
    return policy.model_copy(update={"rule": asked, "include": ()})


CHECKPOINT = "training.checkpoint"
"""The probe that asks the model."""


def show_taken(result: Result) -> None:
    """Print which columns were taken and why, and whatever else was odd about the log."""
    from rich.markup import escape

    from audit.cli.screen import console
    from audit.record import Record

    with Record(result.path, readonly=True) as record:
        for _, remark in record.remarks("training.curves", "notices"):
            console.print(f"[dim]{escape(remark)}[/]")
