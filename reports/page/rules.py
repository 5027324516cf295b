"""One judged rule as a row of words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.policy.number import honest, precision
from audit.policy.verdict import Outcome, Verdict, overall
from reports.words import NONE, SHAPES, clean, count, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A verdict by word, shape and style; `style` names a class of the style sheet."""

    word: str
    shape: str
    style: str


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """Everything that the page says of one rule; a kept rule's reasons are folded away."""

    anchor: str
    name: str
    what: str
    badge: Badge
    estimate: str
    interval: str
    bound: str
    seen: str
    method: str
    why: str
    because: str
    remedy: str
    folded: bool


NOT_COUNTED = Badge(word="not counted", shape="○", style="none")
NO_RULE = Badge(word="no rule", shape="○", style="none")


def badge(verdict: Verdict) -> Badge:
    """Return a verdict as it is shown."""
    return Badge(word=verdict.name, shape=SHAPES[verdict], style=verdict.name.lower())


def badge_of(outcomes: Sequence[Outcome]) -> Badge:
    """Return what the rules of one suite come to; a word of its own where none counts."""
    if any(one.counts for one in outcomes):
        return badge(overall(outcomes))
    return NOT_COUNTED if outcomes else NO_RULE


def rows(outcomes: Iterable[Outcome], words: Vocabulary) -> tuple[RuleRow, ...]:
    """Return rules as rows, the most harmful first."""
    return tuple(row(one, words) for one in sorted(outcomes, key=gravity))


def row(outcome: Outcome, words: Vocabulary) -> RuleRow:
    """Return one rule as a row."""
    rule = outcome.rule
    asked = "at least" if rule.at_least is not None else "at most"
    if rule.warns:
        asked = "warns below" if rule.at_least is not None else "warns above"
    return RuleRow(
        anchor=anchor(outcome),
        name=words.rule(rule),
        what=clean(rule.what),
        badge=badge(outcome.verdict) if outcome.counts else NOT_COUNTED,
        estimate=estimate(outcome),
        interval=interval(outcome),
        bound=f"{asked} {rule.bound:g}",
        seen=seen(outcome),
        method=method(outcome),
        why=clean(rule.why),
        because=clean(outcome.because),
        remedy=clean(outcome.advice),
        folded=outcome.verdict is Verdict.PASS,
    )


def anchor(outcome: Outcome) -> str:
    """Return where a rule stands in the page."""
    return f"rule-{slug(outcome.rule.name)}"


def estimate(outcome: Outcome) -> str:
    """Return the estimate, rounded so that it never seems to keep a bound that it breaks."""
    if outcome.estimate is None:
        return NONE
    return honest(outcome.estimate, outcome.rule, digits(outcome))


def digits(outcome: Outcome) -> int:
    """Return how many decimals the interval deserves."""
    if outcome.interval is None:
        return 3
    return precision(outcome.interval[1] - outcome.interval[0])


def interval(outcome: Outcome) -> str:
    """Return the interval, its ends as far from the bound as they are."""
    if outcome.interval is None or outcome.rule.statistic in ("census", "permutation"):
        return ""
    ends = [honest(one, outcome.rule, digits(outcome)) for one in outcome.interval]
    return f"[{ends[0]}, {ends[1]}]"


def seen(outcome: Outcome) -> str:
    """Return how many images and groups an estimate was made from."""
    if not outcome.n:
        return NONE
    if outcome.groups in (0, outcome.n):
        return str(outcome.n)
    return f"{outcome.n} of {count(outcome.groups, 'movie')}"


def method(outcome: Outcome) -> str:
    """Return how an interval was made, and at which level."""
    return f"{outcome.level:.1%}, {outcome.method}".replace(".0%", "%") if outcome.method else ""


def gravity(outcome: Outcome) -> tuple[bool, int, float]:
    """Return the place of an outcome among the things to fear: verdict first, then harm."""
    return not outcome.counts, -outcome.verdict, -harm(outcome)


def harm(outcome: Outcome) -> float:
    """Return by how much a broken rule's estimate is beyond its bound.

    Of the other rules it is the nearer end of the interval that counts; negative inside the bound.
    Scores and their drops are compared as they are, for all run over 0..1; a breaking point by
    the logarithm of its ratio to the bound, since levels of severity span powers of ten.
    """
    rule, value = outcome.rule, outcome.estimate
    if value is None:
        return -math.inf
    sign = 1.0 if rule.at_most is not None else -1.0
    if outcome.interval is not None and outcome.verdict is not Verdict.FAIL:
        value = outcome.interval[sign > 0]
    if rule.statistic == "breaking_point" and value > 0 and rule.bound > 0:
        return sign * math.log10(value / rule.bound)
    return sign * (value - rule.bound)
