"""What the verbs write to the terminal: progress, verdicts, tables."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from audit.policy.verdict import Verdict
from reports.found import said_of
from reports.words import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from audit.engine.progress import Progress as Step
    from audit.policy.verdict import Judgement
    from audit.record.record import Record
    from audit.record.unread import Unread
    from baselines.loop import Epoch

STYLES = {
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.UNDECIDED: "blue",
    Verdict.FAIL: "bold red",
}

MODEL_FAILED = 5
"""The exit code of an audit whose key questions have no answer because the model failed."""

WIDE = 200
"""Columns where nobody looks at a terminal: a pipe must not lose half a table."""


class Screen(Console):
    """A console that goes on where nobody listens any more: the exit code is still wanted."""

    def on_broken_pipe(self) -> None:
        """Send all that is still to be written to nothing."""
        from audit.cli.streams import silence

        silence(self.file)


console = Screen(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)


SAID = {
    "groups": "grouped",
    "turned": "turned",
    "pixel_um": "pixel size",
    "passed_over": "passed over",
    "no_truth": "truth",
    "not_read": "not read",
}
"""What a reader must know of how files were read, and what a line calls it."""

MOST_NAMED = 3
"""Images that are named where more could not be read; the record names all."""

BREATH_S = 30.0
"""Seconds between two lines where no bar can move."""


class Bar:
    """Progress on standard error: a bar in a terminal, a line now and then in a log."""

    def __init__(self) -> None:
        self.console = Screen(stderr=True, highlight=False, soft_wrap=True)
        self.line_due = monotonic() + BREATH_S
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self.tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def update(self, name: str, done: int, total: int | None, note: str) -> None:
        """Show how far one piece of work is."""
        if not self.console.is_terminal:
            self.tell(f"{name} {done}/{total} {note}", ended=done == total)
            return
        if name not in self.tasks:
            self.tasks[name] = self.progress.add_task(escape(name), total=total, note="")
        self.progress.update(self.tasks[name], completed=done, total=total, note=escape(note))

    def tell(self, line: str, *, ended: bool) -> None:
        """Print a line at the end of the work, and before it every half minute."""
        if not ended and monotonic() < self.line_due:
            return
        self.line_due = monotonic() + BREATH_S
        self.console.print(line.rstrip(), markup=False)

    def audited(self, step: Step) -> None:
        """Show a unit of work that has ended."""
        left = "" if step.remaining_s is None else f"about {duration(step.remaining_s)} left"
        self.update("audit", step.done, step.total, f"{step.probe} {left}")

    def found(self, found: Mapping[str, Any]) -> None:
        """Show what was told of the model before it is measured, when something was."""
        for sentence in said_of(found):
            self.console.print(f"[yellow]{'taken':>11}[/]  {escape(sentence)}")

    def trained(self, name: str) -> Callable[[Epoch, int], None]:
        """Return what shows an epoch of training that has ended."""
        return lambda one, epochs: self.update(
            name, one.epoch + 1, epochs, f"validation IoU {one.val_iou:.3f}"
        )


def show_source(record: Record) -> None:
    """Print what a reader must know of where a record comes from before its verdict."""
    known = record.provenance()
    show_found(known.get("found", {}))
    show_left_out(known.get("suites_left_out", {}).items())
    show_package(known.get("found", {}))
    show_masks(known)
    show_said(known.get("origin", {}))
    show_unread(record)


PACKAGE = "package_"
"""How the names begin of what was decided when a package of bioimage.io was opened."""


def show_package(found: Mapping[str, object]) -> None:
    """Print what was decided when a package was opened: its weights, its heads, its own test."""
    mine = {name: words for name, words in found.items() if name.startswith(PACKAGE)}
    if mine:
        said = "; ".join(f"{name.removeprefix(PACKAGE)}: {mine[name]}" for name in mine)
        console.print(f"[yellow]{'package':>11}[/]  {escape(said.replace('_', ' '))}")


def show_unread(record: Record) -> None:
    """Print which images of a record could not be read, a line for each part of the audit."""
    from audit.record.unread import asked, unread

    found = unread(record)
    for part, words in LOST.items():
        if mine := [one for one in found if one.part == part]:
            said = words.format(len(mine), asked(record, part), first(mine))
            console.print(f"[yellow]{'not read':>11}[/]  {escape(said)}")


def show_found(found: Mapping[str, Any]) -> None:
    """Print what was told from the model or its answers, and not declared."""
    for sentence in said_of(found):
        console.print(f"[yellow]{'taken':>11}[/]  {escape(sentence)}")


LOST = {
    "test": "{} of {} test images could not be read: {}; the verdict counts them as failed.",
    "train": "{} of {} training images could not be read: {}; they are left out.",
    "other": "{} of {} further images could not be read: {}; they are left out.",
    "": "{0} of the masks have no image: {2}; they are left out.",
}
"""What is said of what could not be read, by the part that it was to play."""


def first(those: Sequence[Unread]) -> str:
    """Return the first of many images by name, a reason once for all that it kept from being read.

    The commonest reasons come first; further images are counted.
    """
    alike: dict[str, list[str]] = {}
    for one in those:
        alike.setdefault(one.reason, []).append(one.name)
    common = sorted(alike.items(), key=lambda one: -len(one[1]))
    told = [f"{named(names)} ({reason})" for reason, names in common[:MOST_NAMED]]
    rest = sum(len(names) for _, names in common[MOST_NAMED:])
    return ", ".join([*told, *([f"and {rest} more"] if rest else [])])


def named(names: Sequence[str]) -> str:
    """Return the first of many names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def show_left_out(suites: Iterable[tuple[str, str]]) -> None:
    """Print the suites that could not be imported, by name and reason."""
    for name, reason in suites:
        console.print(f"[yellow]{'left out':>11}[/]  {escape(name)}: {escape(reason)}")


def show_masks(provenance: Mapping[str, Any]) -> None:
    """Print what was decided of mask numbers, once for all parts of which it is the same."""
    from audit.meaning import said_of

    for said in said_of(provenance):
        console.print(f"{'masks':>11}  {escape(said)}")


def show_said(origin: Mapping[str, Any]) -> None:
    """Print what was said of how files were read, once for each dataset that it was said of."""
    parts = [origin.get("test"), origin.get("train"), *(origin.get("other") or ())]
    for about, called in SAID.items():
        for said in dict.fromkeys(part[about] for part in parts if part and about in part):
            console.print(f"[yellow]{called:>11}[/]  {escape(said)}")


def show_table(columns: Iterable[str], rows: Iterator[Iterable[object]] | list[Any]) -> None:
    """Print a table."""
    table = Table(box=None, header_style="bold")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    console.print(table)


def exit_code(judged: Judgement) -> int:
    """Return 0 for PASS and WARN, 1 for FAIL, 3 for UNDECIDED, 5 where the model failed.

    The other codes are those of errors: 2, 4 and 130.
    """
    if judged.broken:
        return MODEL_FAILED
    return {Verdict.FAIL: 1, Verdict.UNDECIDED: 3}.get(judged.verdict, 0)
