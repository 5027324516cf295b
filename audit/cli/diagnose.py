"""Say what a training log means: overfitted, unfinished, diverged, or a good fit; and what to do.

LOG is a file or a folder, told by its content: Keras CSV and history JSON, ZeroCostDL4Mic,
Lightning and CAREamics metrics.csv, TensorBoard events, nnU-Net, Cellpose, StarDist, YOLO, Hugging
Face trainer_state.json, MLflow, Weights & Biases exports, TensorBoard's CSV, JSON lines of mmseg
and Detectron2, lines that a script prints, or any table with --map train=COLUMN; --map train=A+B
sums several. A text of two readings is refused. Pickles run code when they are opened, and are
refused.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from audit.application.result import Result
    from reports.figures.training import Training

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
    return conclude(result, policy, Path(wanted.out), wanted=wanted, told=True)


def show_words(result: Result) -> None:
    """Print which columns were taken and why, what the curves show, and what to do.

    Of several runs those with a finding are told one by one, the others counted.
    """
    from audit.cli.screen import console
    from audit.record.record import Record
    from reports.figures.trained import remarked
    from reports.figures.training import trainings

    with Record(result.path, readonly=True) as record:
        runs = trainings(record, "")
        taken = [text for _, text in record.remarks("training.curves", "notices")]
    console.print(remarked(taken), style="dim", markup=False)
    told = [one for one in runs if one.flaws or len(runs) == 1]
    for one in told:
        console.print(*lines(one), sep="\n", markup=False)
    rest = Counter(one.said for one in runs if one not in told)
    for said, many in rest.items():
        console.print(f"{many} of {len(runs)} runs: {said}", markup=False)


def lines(one: Training) -> Iterator[str]:
    """Yield a run with what it shows, why, and what to do; or what of it cannot be told."""
    untold = [shape.name for shape in one.shapes if shape.holds is None]
    open_ = f"; what cannot be told: {', '.join(untold)}" if untold and not one.holding else ""
    yield f"{one.run}: {one.said}{open_}"
    yield from (f"  {shape.because}" for shape in one.shapes if shape.holds)
    if one.advice:
        yield f"  {one.advice}"
