"""How far an audit is, shown where somebody is looking: in a notebook, or in a terminal."""

from __future__ import annotations

import sys
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from reports.words import duration

if TYPE_CHECKING:
    from audit.engine.progress import Progress
    from baselines.loop import Epoch

WIDTH = 78
"""Columns of the line in a terminal."""


class Gauge:
    """A bar in a notebook, one line in a terminal, nothing where nobody is looking."""

    def __init__(self) -> None:
        self.handle: Any = None
        self.notebook = in_notebook()
        self.terminal = not self.notebook and sys.stderr.isatty()

    def audited(self, step: Progress) -> None:
        """Show a unit of work that has ended."""
        left = "" if step.remaining_s is None else f", about {duration(step.remaining_s)} left"
        self.show("audit", step.done, step.total, f"{step.probe}{left}")

    def trained(self, one: Epoch, epochs: int) -> None:
        """Show an epoch of a reference network that has ended."""
        note = f"validation IoU {one.val_iou:.3f}"
        self.show("train the reference", one.epoch + 1, epochs, note)

    def show(self, work: str, done: int, total: int, note: str) -> None:
        """Show how far one piece of work is."""
        if self.notebook:
            self.draw(page(work, done, total, note))
        elif self.terminal:
            line = f"{work} {done}/{total}  {note}"[:WIDTH]
            sys.stderr.write(f"\r{line:<{WIDTH}}" + "\n" * (done == total))
            sys.stderr.flush()

    def draw(self, html: str) -> None:
        """Show HTML where the last was shown."""
        # Only a notebook has it, so it is no dependency of ours.
        shows = import_module("IPython.display")
        if self.handle is None:
            self.handle = shows.display(shows.HTML(html), display_id=True)
        else:
            self.handle.update(shows.HTML(html))


def page(work: str, done: int, total: int, note: str) -> str:
    """Return a bar with its words, as HTML.

    >>> page("audit", 1, 4, "shift.noise")
    '<progress value="1" max="4"></progress> audit 1/4 shift.noise'
    """
    bar = f'<progress value="{done}" max="{total}"></progress>'
    return f"{bar} {escape(work)} {done}/{total} {escape(note)}"


def in_notebook() -> bool:
    """Return whether a notebook's kernel runs this process; a terminal's IPython has none."""
    shell = sys.modules.get("IPython")
    found = shell and shell.get_ipython()
    return getattr(found, "kernel", None) is not None
