"""Compare two records: what became better and what worse, on the images that both have.

Only measurements of the same probe, settings, condition and image are compared, each image with
itself. Exit code 1 where something became worse by more than --margin for sure.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit compare`."""
    parser.add_argument("before", type=Path, help="record.sqlite, or the folder that holds it")
    parser.add_argument("after", type=Path)
    parser.add_argument("--metric", default="iou")
    parser.add_argument("--margin", type=float, default=0.02, help="a loss worth a failure (0.02)")


def main(wanted: Namespace) -> int:
    """Show the paired differences, Holm-adjusted; return 1 where one is a loss for sure."""
    from audit.application.reading import read
    from audit.application.result import find_record
    from audit.cli.screen import console, show_table
    from audit.quantities.comparison import compare

    with (
        read(find_record(wanted.before)) as before,
        read(find_record(wanted.after)) as after,
    ):
        changes = compare(before, after, wanted.metric, wanted.margin)
    show_table(
        ("probe", "condition", "change", "interval", "images", ""),
        [(c.probe, c.condition, f"{c.change:+.3f}", c.span, c.estimate.n, c.word) for c in changes],
    )
    lost = [change for change in changes if change.worse]
    unsure = sum(change.word in ("undecided", "too few images") for change in changes)
    console.print(
        f"{len(lost)} of {len(changes)} comparisons lost more than {wanted.margin:g} for sure; "
        f"{unsure} cannot be decided"
    )
    return int(bool(lost))
