"""A chapter of the page: one suite, its questions, findings, evidence, rules and remedies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.policy.verdict import Outcome, Verdict
from reports.figures.findings import worst_of
from reports.figures.sparks import sparkdots, sparkline
from reports.page.absent import Unjudged, unjudged
from reports.page.method import Method, describe
from reports.page.rules import (
    NOT_TESTED,
    Badge,
    RuleRow,
    badge_of,
    gravity,
    margin,
    methods,
    row,
    rows,
)
from reports.words import clean, count, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from audit.record.record import Record
    from reports.figures.figure import Figure
    from reports.page.probed import Probed
    from reports.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Section:
    """One probe: its question, its figures, and the rules that stand beside them.

    `harmed` where one of them is broken, and not just open. `says` and `advice` stand beside them.
    """

    anchor: str
    asks: str
    silence: str
    figure: Figure | None
    rules: tuple[RuleRow, ...] = ()
    harmed: bool = False
    says: str = ""
    advice: str = ""


@dataclass(frozen=True, kw_only=True)
class Spark:
    """A small curve for the first screen: points of the model and of the references."""

    mine: str
    references: tuple[str, ...]
    says: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One suite: `leads` are shown unfolded, as their rules failed or are open; the rest is folded.

    `margin` says in a few words how near its rules are to their bounds.
    """

    anchor: str
    suite: str
    title: str
    badge: Badge
    answer: str
    margin: str
    spark: Spark | None
    leads: tuple[Section, ...]
    sections: tuple[Section, ...]
    rules: tuple[RuleRow, ...]
    methods: str
    unjudged: tuple[Unjudged, ...]
    how: tuple[Method, ...]

    @property
    def told(self) -> set[str]:
        """The anchors of the rules that are shown unfolded."""
        return {rule.anchor for one in self.leads for rule in one.rules}


def news(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return what is shown unfolded: outcomes that failed, else those that warn; and open ones."""
    found = [one.verdict for one in outcomes if one.judged and not one.open]
    worst = Verdict.FAIL if Verdict.FAIL in found else Verdict.WARN
    return [one for one in outcomes if one.open or (one.judged and one.verdict is worst)]


def chapter(
    record: Record,
    suite: str,
    probed: Sequence[Probed],
    outcomes: Sequence[Outcome],
    *,
    leading: Collection[str],
    words: Vocabulary,
) -> Chapter:
    """Return the chapter of a suite from what its probes found and its rules came to.

    `leading` names the probes that are shown unfolded.
    """
    mine = sorted((one for one in outcomes if one.rule.suite == suite), key=gravity)
    judged = [one for one in mine if one.judged]
    name = clean(suite)
    drawn = sorted((one for one in probed if not one.elsewhere), key=place_of(mine))
    leads = [one for one in drawn if one.question.name in leading]
    whole = {one.question.name for one in probed if one.whole}
    told = [one for one in news(mine) if one.rule.probe in leading]
    absent = unjudged(record, mine, words)
    return Chapter(
        anchor=f"suite-{slug(name)}",
        suite=name,
        title=words.title(suite),
        badge=badge_of(mine),
        answer=answer(mine, absent),
        margin=nearest(mine, absent, words),
        spark=None if badge_of(mine) is NOT_TESTED else spark(probed, mine, words),
        leads=tuple(section(one, words, told) for one in leads),
        sections=tuple(section(one, words) for one in drawn if one not in leads),
        rules=rows([one for one in judged if not said_before(one, told, whole)], words),
        methods=methods(judged),
        unjudged=unjudged(record, [one for one in mine if one.rule.probe not in whole], words),
        how=tuple(one for one in (describe(record, each.question) for each in probed) if one.done),
    )


def place_of(outcomes: Sequence[Outcome]) -> Callable[[Probed], int]:
    """Return the sort key of probes: the place of their gravest rule, else behind all."""
    order = [one.rule.probe for one in outcomes]
    names = [*dict.fromkeys(order)]
    return lambda one: names.index(one.question.name) if one.question.name in names else len(names)


def said_before(outcome: Outcome, told: Sequence[Outcome], whole: Collection[str]) -> bool:
    """Return whether a figure tells of a rule, and it is told unfolded or there is no more."""
    return outcome.rule.probe in whole and (outcome in told or outcome.verdict is Verdict.PASS)


def answer(outcomes: Sequence[Outcome], absent: Sequence[Unjudged]) -> str:
    """Return what the rules of a suite come to, in a sentence or two."""
    if not outcomes:
        return "This policy has no rule about it: what follows was measured, and not judged."
    judged = [one for one in outcomes if one.judged]
    if badge_of(outcomes) is NOT_TESTED:
        beside = f" {count(len(judged), 'rule')} beside it {kept(judged)}." if judged else ""
        return f"Not tested: {absent[0].why}{beside}"
    told = {
        "failed": sum(one.verdict is Verdict.FAIL for one in judged),
        "warned": sum(one.verdict is Verdict.WARN for one in judged),
        "open": sum(one.open for one in outcomes),
        "kept": sum(one.verdict is Verdict.PASS for one in judged),
        "not judged": len(outcomes) - len(judged),
    }
    parts = [f"{many} {word}" for word, many in told.items() if many]
    return f"Of {count(len(outcomes), 'rule')}: {', '.join(parts)}."


def kept(judged: Sequence[Outcome]) -> str:
    """Return "is kept" or "are kept", by the number of rules."""
    return "is kept" if len(judged) == 1 else "are kept"


def nearest(outcomes: Sequence[Outcome], absent: Sequence[Unjudged], words: Vocabulary) -> str:
    """Return the rule nearest to its bound, or furthest beyond it, in a few words."""
    judged = [one for one in outcomes if one.judged]
    if not outcomes:
        return "measured only"
    if badge_of(outcomes) is NOT_TESTED:
        return absent[0].why.rstrip(".").lower() if absent else ""
    if not judged:
        return margin(outcomes[0], words)
    if judged[0].verdict is not Verdict.PASS:
        return margin(judged[0], words)
    measured = [one for one in judged if one.rule.statistic != "census"]
    if not measured:
        return f"{count(len(judged), 'rule')} kept"
    return f"closest: {margin(measured[0], words)}"


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


def section(probed: Probed, words: Vocabulary, told: Sequence[Outcome] = ()) -> Section:
    """Return one probe's part of a chapter; `told` are the outcomes that may stand beside it."""
    own = [one for one in told if one.rule.probe == probed.question.name]
    rules = told_once([row(one, words) for one in own])
    if probed.advised:
        # What a probe advises is about all that it found, and one thing.
        rules = tuple(replace(one, remedy="") for one in rules)
    return Section(
        anchor=f"probe-{slug(clean(probed.question.name))}",
        asks=clean(probed.question.asks) or clean(probed.question.name),
        silence=clean(probed.silence),
        figure=unsaid(probed.figure, rules, probed.says),
        rules=rules,
        harmed=any(not one.open for one in own),
        says=clean(probed.says),
        advice=clean(probed.advice),
    )


def unsaid(figure: Figure | None, rules: Sequence[RuleRow], says: str) -> Figure | None:
    """Return a figure without the lines of its table that stand beside it as well."""
    if figure is None:
        return None
    beside = {*(one.because for one in rules), clean(says)}
    return replace(figure, table=tuple(row for row in figure.table if row[-1] not in beside))


def told_once(found: Sequence[RuleRow]) -> tuple[RuleRow, ...]:
    """Return rows in which each remedy is said once, at the last of the rules that share it."""
    last = {one.remedy: one for one in found}
    return tuple(one if last[one.remedy] is one else replace(one, remedy="") for one in found)
