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
    from collections.abc import Sequence

    from audit.application.result import Result
    from audit.measurement import Measurement

ALONE = ("training.curves", "training.diagnosis", "training.advice")
"""The probes that ask no model."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit diagnose`."""
    from audit.application.settings import Settings
    from audit.cli.options import add_options, add_verbose

    parser.add_argument("log", help="the training log, or the folder that holds it")
    add_options(parser, Settings, ("columns",))
    parser.add_argument("--policy", help="review, ci, course, or a TOML file: see bioaudit policy")
    parser.add_argument("--out", default="bioaudit-training", help="where the report is left")
    add_verbose(parser)


def main(wanted: Namespace) -> int:
    """Read the log, diagnose, report; return the exit code of the verdict."""
    from audit.application.interface import run
    from audit.application.settings import settings
    from audit.cli.run import assignment, check_page, conclude
    from audit.policy.reading import load_policy

    # A log alone answers these, and no others.
    policy = load_policy(wanted.policy).only(lambda rule: rule.probe in ALONE)
    columns = dict(assignment("columns", one) for one in wanted.columns)
    chosen = settings({"log": wanted.log, "columns": columns, "out": wanted.out, "probes": ALONE})
    check_page(Path(wanted.out))
    result = run(chosen)
    show_words(result)
    return conclude(result, policy, Path(wanted.out), wanted=wanted)


def show_words(result: Result) -> None:
    """Print which columns were taken and why, what the curves show, and what to do."""
    from rich.markup import escape

    from audit.cli.screen import console
    from audit.record.record import Record

    with Record(result.path, readonly=True) as record:
        runs = record.remarks("training.curves", "notices")
        found = list(record.measurements("training.diagnosis", "", "holds"))
        for at, remark in runs:
            shown = shapes([row for row in found if row.at["run"] == at["run"]])
            console.print(f"[dim]{escape(remark)}[/]")
            console.print(f"[bold]{escape(str(at['run']))}[/]: {escape(shown)}")
        for at, remark in record.remarks("training.advice", "publish_best"):
            whose = f"{at['run']}: " if len(runs) > 1 else ""
            console.print(escape(f"{whose}{remark}"))


def shapes(rows: Sequence[Measurement]) -> str:
    """Return the conditions of a run that hold, or that none does and which cannot be told."""
    holding = [str(row.at["condition"]) for row in rows if row.value]
    if holding:
        return ", ".join(holding)
    untold = [str(row.at["condition"]) for row in rows if row.value is None]
    return f"nothing was found; what cannot be told: {', '.join(untold)}"
