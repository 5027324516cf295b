"""A chapter of the page: one suite, its questions, findings, evidence, rules and remedies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.policy.verdict import Verdict, overall
from reports.figures.findings import worst_of
from reports.figures.sparks import sparkdots, sparkline
from reports.page.method import Method, describe
from reports.page.rules import Badge, RuleRow, badge_of, gravity, rows
from reports.words import clean, count, slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.policy.verdict import Outcome
    from audit.record.record import Record
    from reports.figures.figure import Figure
    from reports.page.probed import Probed
    from reports.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Section:
    """One probe: its question, its figures, and how it was done."""

    anchor: str
    asks: str
    silence: str
    figure: Figure | None
    method: Method


@dataclass(frozen=True, kw_only=True)
class Spark:
    """A small curve for the first screen: points of the model and of the references."""

    mine: str
    references: tuple[str, ...]
    says: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One suite."""

    anchor: str
    suite: str
    title: str
    badge: Badge
    answer: str
    worst: str
    spark: Spark | None
    sections: tuple[Section, ...]
    rules: tuple[RuleRow, ...]


def chapter(
    record: Record,
    suite: str,
    probed: Sequence[Probed],
    outcomes: Sequence[Outcome],
    words: Vocabulary,
) -> Chapter:
    """Return the chapter of a suite from what its probes found and its rules came to."""
    mine = sorted((one for one in outcomes if one.rule.suite == suite), key=gravity)
    name = clean(suite)
    return Chapter(
        anchor=f"suite-{slug(name)}",
        suite=name,
        title=words.title(suite),
        badge=badge_of(mine),
        answer=answer(mine),
        worst=words.rule(mine[0].rule) if mine else "measured only",
        spark=spark(probed, mine, words),
        sections=tuple(section(record, one) for one in probed),
        rules=rows(mine, words),
    )


def answer(outcomes: Sequence[Outcome]) -> str:
    """Return what the rules of a suite come to, in a sentence or two; the worst stands first."""
    counted = [one for one in outcomes if one.counts]
    if outcomes and not counted:
        return f"Not counted. {clean(outcomes[0].because)}"
    if not counted:
        return "This policy has no rule about it: what follows was measured, and not judged."
    verdict = overall(counted)
    same = sum(one.verdict is verdict for one in counted)
    if verdict is Verdict.PASS:
        if len(counted) == 1:
            return clean(counted[0].because)
        kept = "Both" if len(counted) == 2 else f"All {len(counted)}"  # noqa: PLR2004
        return f"{kept} rules are kept. The one nearest to its bound: {clean(counted[0].because)}"
    done = {
        Verdict.FAIL: ("fails", "fail"),
        Verdict.WARN: ("warns", "warn"),
        Verdict.UNDECIDED: ("is undecided", "are undecided"),
    }[verdict]
    heading = f"{same} of {count(len(counted), 'rule')} {done[same > 1]}. "
    return (heading if len(counted) > 1 else "") + clean(counted[0].because)


def spark(probed: Sequence[Probed], outcomes: Sequence[Outcome], words: Vocabulary) -> Spark | None:
    """Return a small curve of the probe that the worst rule is about, else of the first drawn."""
    wanted = outcomes[0].rule.probe if outcomes else ""
    for one in sorted(probed, key=lambda each: each.question.name != wanted):
        if one.charts:
            mine, references = sparkline(worst_of(one.charts))
            says = words.axis(one.charts[0].panel.axis or "")
            return Spark(mine=mine, references=references, says=says)
        if one.scatter and len(one.scatter.points) > 1:
            mine, references = sparkdots(one.scatter)
            return Spark(mine=mine, references=references, says="images")
    return None


def section(record: Record, probed: Probed) -> Section:
    """Return one probe's part of a chapter."""
    return Section(
        anchor=f"probe-{slug(clean(probed.question.name))}",
        asks=clean(probed.question.asks) or clean(probed.question.name),
        silence=clean(probed.silence),
        figure=probed.figure,
        method=describe(record, probed.question),
    )
