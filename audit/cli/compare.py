"""Compare two records: what became better and what worse, on the images that both have.

Only measurements of the same probe, settings, condition and image are compared, each image with
itself. Which way a metric is good is what its suite declared. Exit code 0, or 1 where something
became worse by more than --margin for sure, or 3 where no comparison can be decided.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from audit.quantities.comparison import Change

UNDECIDED = 3


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit compare`."""
    parser.add_argument("before", type=Path, help="record.sqlite, or the folder that holds it")
    parser.add_argument("after", type=Path)
    parser.add_argument("--metric", default="score", help="a metric, or the task's score")
    parser.add_argument("--margin", type=float, default=0.02, help="a loss worth a failure (0.02)")
    parser.add_argument(
        "--scope",
        choices=("here", "beyond"),
        help="judge by these very movies (here, the usual), or by others too (beyond)",
    )


def main(wanted: Namespace) -> int:
    """Show the paired differences, Holm-adjusted; return what they come to as `run` does."""
    from audit.application.reading import read
    from audit.application.result import find_record
    from audit.cli.screen import console, show_table
    from audit.quantities.comparison import compare
    from audit.statistics.estimate import USUAL

    scope = wanted.scope or USUAL
    with (
        read(find_record(wanted.before)) as before,
        read(find_record(wanted.after)) as after,
    ):
        changes = compare(before, after, wanted.metric, wanted.margin, scope)
    show_table(*table(changes))
    lost = [change for change in changes if change.lost]
    decided = [change for change in changes if change.decided]
    widest = max(changes, key=lambda one: one.answer.several).answer
    console.print(
        f"{len(lost)} of {len(changes)} comparisons lost more than {wanted.margin:g} for sure; "
        f"{len(changes) - len(decided)} cannot be decided. {widest.carries}"
    )
    return 1 if lost else 0 if decided else UNDECIDED


def table(changes: Sequence[Change]) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return head and lines; intervals of other movies stand beside where there are several."""
    from audit.quantities.comparison import spoken

    several = any(one.elsewhere is not None for one in changes)
    lines = [
        (
            *(one.asked.probe, spoken(one.asked), f"{one.value:+.3f}", span(one.interval)),
            *((span(one.elsewhere),) * several),
            *(one.answer.estimate.n, one.word),
        )
        for one in changes
    ]
    beside = ("other movies",) * several
    return ("probe", "condition", "change", "interval", *beside, "images", ""), lines


def span(interval: tuple[float, float] | None) -> str:
    """Return an interval in brackets, or a dash.

    >>> span((-0.01, 0.02)), span(None)
    ('[-0.010, +0.020]', '-')
    """
    return "-" if interval is None else "[{:+.3f}, {:+.3f}]".format(*interval)
