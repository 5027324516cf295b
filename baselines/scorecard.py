"""What the audit of the audit found, as a table; misses and false alarms stand in it too."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.policy.verdict import Verdict
from audit.statistics.share import share_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.policy.verdict import Outcome
    from baselines.selftest import Line

HEADER = ("flaw", "rule", "flawed", "healthy twin", "")
COLUMNS = (
    *("flaw", "planted", "rule", "expected", "caught", "false_alarm"),
    *("flawed_verdict", "flawed_estimate", "flawed_low", "flawed_high"),
    *("twin_verdict", "twin_estimate", "twin_low", "twin_high"),
)


@dataclass(frozen=True)
class Scorecard:
    """The lines of every flaw that was planted."""

    lines: tuple[Line, ...]

    @property
    def summary(self) -> list[str]:
        """How many flaws and rules were caught, and how many twins were accused, in sentences."""
        flaws = {line.flaw.name for line in self.lines}
        missed = {line.flaw.name for line in self.lines if not line.caught}
        caught = sum(line.caught for line in self.lines)
        alarmed = sum(line.alarmed for line in self.lines)
        undecided = sum(line.twin.verdict is Verdict.UNDECIDED for line in self.lines)
        count = len(self.lines)
        return [
            said("flaws caught by every rule named for them", len(flaws - missed), len(flaws)),
            said("named rules that caught their flaw", caught, count),
            said("named rules that failed the healthy twin", alarmed, count),
            said("named rules that could not decide on the healthy twin", undecided, count),
        ]

    @property
    def clean(self) -> bool:
        """Whether every flaw was caught and no twin accused."""
        return all(line.caught and not line.alarmed for line in self.lines)

    def rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Yield flaw, rule, what the flawed network got, what its twin got, and a remark."""
        before = ""
        for line in self.lines:
            name = line.flaw.name if line.flaw.name != before else ""
            before = line.flaw.name
            yield name, line.rule, cell(line.flawed), cell(line.twin), remark(line)

    def markdown(self) -> str:
        """Return the table as Markdown, the summary below it."""
        rows = [HEADER, ("---",) * len(HEADER), *self.rows()]
        table = ["| " + " | ".join(row) + " |" for row in rows]
        planted = {line.flaw.name: line.flaw.planted for line in self.lines}
        legend = [f"- **{name}**: {how}" for name, how in planted.items()]
        return "\n".join([*table, "", *(f"- {one}" for one in self.summary), "", *legend, ""])

    def csv(self) -> str:
        """Return one line a rule, numbers as they are."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for line in self.lines:
            head = (
                line.flaw.name,
                line.flaw.planted,
                line.rule,
                "no PASS" if line.withheld else "FAIL",
            )
            seen = (line.caught, line.alarmed)
            writer.writerow((*head, *seen, *numbers(line.flawed), *numbers(line.twin)))
        return file.getvalue()


def cell(outcome: Outcome) -> str:
    """Return a verdict with its estimate and interval."""
    if outcome.estimate is None:
        return outcome.verdict.name
    if outcome.interval is None:
        return f"{outcome.verdict.name} {outcome.estimate:.3g}"
    low, high = outcome.interval
    return f"{outcome.verdict.name} {outcome.estimate:.3g} [{low:.3g}, {high:.3g}]"


def remark(line: Line) -> str:
    """Return what a reader must not overlook in a line."""
    missed = [] if line.caught else ["MISSED"]
    return ", ".join([*missed, *(["FALSE ALARM"] if line.alarmed else [])]) or "caught"


def numbers(outcome: Outcome) -> tuple[object, ...]:
    """Return verdict, estimate and interval as cells of a CSV file, empty where there is none."""
    low, high = outcome.interval or ("", "")
    value = "" if outcome.estimate is None else outcome.estimate
    return outcome.verdict.name, value, low, high


def said(what: str, hits: int, trials: int) -> str:
    """Return a share in words, with its exact interval.

    >>> said("flaws caught", 3, 4)
    'flaws caught: 3 of 4 (75 %; 95 % interval 19 to 99 %)'
    """
    if not trials:
        return f"{what}: none was asked for"
    low, high = share_interval(hits, trials)
    share, low, high = (round(100 * part) for part in (hits / trials, low, high))
    return f"{what}: {hits} of {trials} ({share} %; 95 % interval {low} to {high} %)"
