"""The figure of a training: its curves, what was found about each run, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.figure import Figure, anchor, notes
from reports.figures.losses import draw_trainings, key_of
from reports.figures.training import finding, shown
from reports.words import capital, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures.evidence import Question
    from reports.figures.training import Training

SO = {True: "yes", False: "no", None: "cannot be told"}


def of_trainings(question: Question, found: Sequence[Training], remarks: Sequence[str]) -> Figure:
    """Return the curves of a training with what was found, and what was remarked on its log."""
    title = finding(found)
    head, table = lines(found)
    return Figure(
        anchor=anchor(question),
        finding=title,
        svg=draw_trainings(found, title),
        key=key_of(found),
        head=head,
        table=table,
        note=" ".join(filter(None, (undrawn(found), remarked(remarks)))),
    )


def lines(found: Sequence[Training]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return head and lines of a table: each condition of the only run, each of many with a flaw.

    What is said of these stands with their rules.
    """
    if len(found) == 1:
        rows = ((capital(one.name), SO[one.holds], one.because) for one in found[0].shapes)
        return ("what", "is it so", "why"), tuple(rows)
    told = (one for one in found if one.flaws)
    return ("run", "what to do"), tuple((one.run, one.advice) for one in told)


def remarked(remarks: Sequence[str]) -> str:
    """Return what was remarked on all runs alike, and how often there was more on single ones."""
    each = [one.split("; ") for one in remarks]
    shared = [part for part in (each[0] if each else []) if all(part in one for one in each)]
    usual = min(map(len, each), default=0)
    odd = sum(len(one) > usual for one in each)
    more = f" The record holds more remarks on {count(odd, 'run')}." if odd else ""
    return notes(["; ".join(shared)]) + more


def undrawn(found: Sequence[Training]) -> str:
    """Return how many runs are not drawn, in a sentence; "" where all are."""
    drawn = shown(found)
    rest = len(found) - len(drawn)
    if not rest:
        return ""
    which = "with a finding " if drawn[0].flaws else ""
    return f"Drawn: {count(len(drawn), 'run')} {which}of {len(found)}."
