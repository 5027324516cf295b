"""The results of the self test as tables, with misses and false alarms."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from audit.statistics.share import wilson_interval
from baselines.answer import Reply, answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.policy.verdict import Outcome
    from baselines.trial import Trial, TrialLine, Twin

COLUMNS = (
    *("flaw", "planted", "seed", "effect", "effect_flawed", "effect_twin"),
    *("rule", "expected", "caught", "false_alarm"),
    *("flawed_verdict", "flawed_estimate", "flawed_low", "flawed_high"),
    *("twin_verdict", "twin_estimate", "twin_low", "twin_high"),
)


class Table(NamedTuple):
    """A table with its title; cells are words."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return the table as Markdown, under its title.

        >>> print(Table("Two", ("a", "b"), (("1", "2"),)).markdown())
        **Two**
        <BLANKLINE>
        | a | b |
        | --- | --- |
        | 1 | 2 |
        """
        lines = [self.head, ("---",) * len(self.head), *self.rows]
        rows = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines]
        return "\n".join([f"**{self.title}**", "", *rows])


@dataclass(frozen=True)
class Scorecard:
    """Every flaw that was planted, and every healthy twin that the whole policy judged."""

    trials: tuple[Trial, ...]
    twins: tuple[Twin, ...] = ()

    @property
    def lines(self) -> list[TrialLine]:
        """One line for each rule named for a flaw that had an effect."""
        return [line for trial in self.trials for line in trial.lines]

    @property
    def clean(self) -> bool:
        """Whether flaws were asked for, each was caught, and no twin failed."""
        accused = any(twin.rules(Reply.FAILED) for twin in self.twins)
        held = all(line.caught and not line.alarmed for line in self.lines)
        return bool(self.lines) and held and not accused

    @property
    def summary(self) -> list[str]:
        """How often flaws were caught and healthy networks accused, in sentences."""
        asked = [trial for trial in self.trials if trial.lines]
        caught = [trial for trial in asked if all(line.caught for line in trial.lines)]
        lines = self.lines
        return [
            said("flaws caught by every rule named for them", len(caught), len(asked)),
            said("named rules that caught their flaw", sum(x.caught for x in lines), len(lines)),
            said(
                "named rules that failed the healthy twin",
                sum(x.alarmed for x in lines),
                len(lines),
            ),
            *self.of_twins,
            *self.without_effect,
        ]

    @property
    def of_twins(self) -> Iterator[str]:
        """What the whole policy said of healthy twins, in sentences."""
        if not self.twins:
            return
        asked = sum(twin.asked for twin in self.twins)
        for what, kind in (("failed", Reply.FAILED), ("could not decide on", Reply.OPEN)):
            hits = sum(len(twin.rules(kind)) for twin in self.twins)
            each = f"{hits / len(self.twins):.2g} a twin"
            share = said(f"rules of the whole policy that {what} a healthy twin", hits, asked)
            yield f"{share}, {each}"
        accused = sum(bool(twin.rules(Reply.FAILED)) for twin in self.twins)
        yield said("healthy twins that any rule failed", accused, len(self.twins))

    @property
    def without_effect(self) -> Iterator[str]:
        """Flaws that had no effect on these images, in sentences."""
        for trial in self.trials:
            if not trial.present and trial.found is not None:
                seed = f", seed {trial.seed}" if trial.seed else ""
                yield f"{trial.flaw.name}{seed}: the flaw has no effect here: {trial.found.because}"

    def tables(self) -> Iterator[Table]:
        """Yield a table of the rules named for each flaw, and one of the healthy twins."""
        head = ("flaw", "rule", "flawed", "healthy twin", "caught", "twin failed", "")
        yield Table(
            "Planted flaws, and the rules that are named for them", head, tuple(self.rows())
        )
        if self.twins:
            asked = ("healthy twin of", "rules asked", "failed", "warned", "open")
            yield Table("Healthy twins, judged by the whole policy", asked, tuple(self.healthy()))

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield a row for each flaw and rule, all seeds together."""
        for name, group in groupby(self.trials, key=lambda trial: trial.flaw.name):
            lines = [line for trial in group for line in trial.lines]
            rules = list(dict.fromkeys(line.rule for line in lines))
            for number, rule in enumerate(rules):
                same = [line for line in lines if line.rule == rule]
                yield name if not number else "", rule, *cells(same)
            if not rules:
                yield name, "", "", "", "", "", "no effect here"

    def healthy(self) -> Iterator[tuple[str, ...]]:
        """Yield a row for each healthy twin."""
        for twin in self.twins:
            name = f"{twin.name}, seed {twin.seed}" if twin.seed else twin.name
            found = (twin.rules(kind) for kind in (Reply.FAILED, Reply.WARNED, Reply.OPEN))
            yield name, str(twin.asked), *(counted(rules) for rules in found)

    @property
    def legend(self) -> list[tuple[str, str]]:
        """How each flaw was planted."""
        return [
            (name, how) for name, how in {t.flaw.name: t.flaw.planted for t in self.trials}.items()
        ]

    def markdown(self) -> str:
        """Return the tables as Markdown, the summary below them."""
        tables = [part for table in self.tables() for part in (table.markdown(), "")]
        legend = [f"- **{name}**: {how}" for name, how in self.legend]
        return "\n".join([*tables, *(f"- {one}" for one in self.summary), "", *legend, ""])

    def csv(self) -> str:
        """Return one line a flaw, seed and rule, numbers as they are."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for trial in self.trials:
            found, flaw = trial.found, trial.flaw
            effect = (found.effect.what, found.flawed, found.twin) if found else ("", "", "")
            head = (flaw.name, flaw.planted, trial.seed, *effect)
            for line in trial.lines:
                expected = "no PASS" if line.withheld else "FAIL"
                got = (line.rule, expected, line.caught, line.alarmed)
                writer.writerow((*head, *got, *numbers(line.flawed), *numbers(line.twin)))
            if not trial.lines:
                writer.writerow(head)
        return file.getvalue()


def cells(lines: Sequence[TrialLine]) -> tuple[str, ...]:
    """Return what one rule said over all seeds: verdicts, hits with their interval, a remark."""
    caught, alarmed = (
        sum(seen) for seen in zip(*((x.caught, x.alarmed) for x in lines), strict=True)
    )
    of = len(lines)
    remarks = ["MISSED"] * (caught < of) + ["FALSE ALARM"] * (alarmed > 0)
    return (
        *(spoken([getattr(line, role) for line in lines]) for role in ("flawed", "twin")),
        *(f"{hits} of {of} {percent(hits, of)}" for hits in (caught, alarmed)),
        ", ".join(remarks) or "caught",
    )


def spoken(outcomes: Sequence[Outcome]) -> str:
    """Return the verdicts of one rule; a single one with its estimate and interval."""
    if len(outcomes) == 1:
        return cell(outcomes[0])
    counts = Counter(one.verdict.name for one in outcomes)
    values = [one.estimate for one in outcomes if one.estimate is not None]
    ends = f" {min(values):.3g} to {max(values):.3g}" if values else ""
    return ", ".join(f"{name} {count}" for name, count in counts.items()) + ends


def cell(outcome: Outcome) -> str:
    """Return a verdict with its estimate and interval."""
    if answer(outcome) is Reply.UNASKED or outcome.estimate is None:
        return outcome.verdict.name
    if outcome.interval is None:
        return f"{outcome.verdict.name} {outcome.estimate:.3g}"
    low, high = outcome.interval
    return f"{outcome.verdict.name} {outcome.estimate:.3g} [{low:.3g}, {high:.3g}]"


def counted(rules: Sequence[str]) -> str:
    """Return how many rules there are, and which.

    >>> counted(["gain", "gamma"]), counted([])
    ('2: gain; gamma', '0')
    """
    return f"{len(rules)}: {'; '.join(rules)}" if rules else "0"


def numbers(outcome: Outcome) -> tuple[object, ...]:
    """Return verdict, estimate and interval as cells of a CSV file, empty where there is none."""
    low, high = outcome.interval or ("", "")
    value = "" if outcome.estimate is None else outcome.estimate
    return outcome.verdict.name, value, low, high


def percent(hits: int, trials: int) -> str:
    """Return the Wilson interval of a share, in percent.

    >>> percent(3, 4)
    '[30, 95] %'
    """
    low, high = (round(100 * end) for end in wilson_interval(hits, trials))
    return f"[{low}, {high}] %"


def said(what: str, hits: int, trials: int) -> str:
    """Return a share in words, with its Wilson interval.

    >>> said("flaws caught", 3, 4)
    'flaws caught: 3 of 4 (75 %; 95 % interval [30, 95] %)'
    """
    if not trials:
        return f"{what}: none was asked for"
    share = round(100 * hits / trials)
    return f"{what}: {hits} of {trials} ({share} %; 95 % interval {percent(hits, trials)})"
