"""The first screen in words: the verdict, and three things to fear with what to do about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.policy.verdict import Judgement, Outcome, Verdict
from reports.page.rules import Badge, anchor, badge, gravity, said, shown
from reports.words import clean, count, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.vocabulary import Vocabulary

MOST_FEARS = 3


@dataclass(frozen=True, kw_only=True)
class Fear:
    """One thing to fear: its sentence, what to do about it, and where its evidence is."""

    badge: Badge
    sentence: str
    todo: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The verdict and what stands under it; `open` is the number of open questions in words."""

    badge: Badge
    open: str
    sentence: str
    fears_title: str
    fears: tuple[Fear, ...]


def headline(judged: Judgement, words: Vocabulary) -> Headline:
    """Return the verdict with its sentence and the three gravest outcomes."""
    counted = sorted((one for one in judged.outcomes if one.counts), key=gravity)
    verdict = judged.verdict
    return Headline(
        badge=badge(verdict),
        open=count(len(judged.open), "open question") if judged.open else "",
        sentence=sentence(judged, words),
        fears_title=fears_title(verdict, counted),
        fears=tuple(fear(one) for one in feared(verdict, counted)),
    )


def sentence(judged: Judgement, words: Vocabulary) -> str:
    """Return what the verdict means here, in one sentence."""
    answered = [one for one in judged.outcomes if one.judged and not one.open]
    many = count(len(answered), "rule")
    named = listed_rules([one for one in answered if one.verdict is judged.verdict], words)
    same = sum(one.verdict is judged.verdict for one in answered)
    if judged.verdict is Verdict.FAIL:
        return f"{same} of {many} {'is' if same == 1 else 'are'} broken: {named}."
    if judged.verdict is Verdict.UNDECIDED:
        return undecided(judged, answered, words)
    if judged.verdict is Verdict.WARN:
        return f"No rule is broken; {same} of {many} {'warns' if same == 1 else 'warn'}: {named}."
    absent = sum(not one.judged and not one.open for one in judged.outcomes)
    rest = f"; {absent} more could not be asked" if absent else ""
    return f"The only rule is kept{rest}." if len(answered) == 1 else f"All {many} are kept{rest}."


def undecided(judged: Judgement, answered: Sequence[Outcome], words: Vocabulary) -> str:
    """Return why there is no verdict."""
    if judged.unfinished:
        left = count(judged.unfinished, "unit")
        return f"The audit is not finished: {left} of work are left. The same command goes on."
    blocking = [one for one in judged.outcomes if one.blocks]
    if not blocking or not (answered or judged.open):
        return "No rule could be applied, so nothing is known: an audit without rules is no pass."
    told = [one for one in blocking if one.judged]
    if told:
        return f"No verdict stands while this is open: {listed_rules(told, words)}."
    return f"No verdict stands without an answer to this: {listed_rules(blocking, words)}."


def listed_rules(outcomes: Sequence[Outcome], words: Vocabulary) -> str:
    """Return rules by name, the gravest first, as a sentence lists them; "" where there is none."""
    graved = sorted(outcomes, key=gravity)
    names = [words.rule(one.rule) for one in graved]
    return listed(names, MOST_FEARS) if names else ""


def fears_title(verdict: Verdict, counted: Sequence[Outcome]) -> str:
    """Return what the list of the gravest outcomes is called."""
    if not counted:
        return ""
    if verdict is Verdict.PASS:
        return "Nearest to a bound"
    if verdict is Verdict.FAIL:
        return "What to fear, by harm"
    return "What to look at first"


def feared(verdict: Verdict, counted: Sequence[Outcome]) -> list[Outcome]:
    """Return the gravest outcomes; what passed is named only where nothing failed.

    Of several rules with one id the gravest stands for all.
    """
    grave = [one for one in counted if one.verdict is not Verdict.PASS]
    pool = grave if verdict is Verdict.FAIL else [one for one in counted if one.interval]
    once = {one.rule.id: one for one in reversed(pool or counted)}
    return [one for one in pool or counted if once[one.rule.id] is one][:MOST_FEARS]


def fear(outcome: Outcome) -> Fear:
    """Return one outcome as a thing to fear."""
    return Fear(
        badge=shown(outcome),
        sentence=said(outcome),
        todo=clean(outcome.advice),
        href=f"#{anchor(outcome)}",
    )
