"""One judged rule as a row of words."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.policy.number import honest, plain, precision, whole
from audit.policy.sentence import SHARP
from audit.policy.verdict import Outcome, Verdict, overall
from reports.words import NONE, SHAPES, clean, count, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audit.quantities.answer import Span
    from reports.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A verdict by word, shape and style; `style` names a class of the style sheet."""

    word: str
    shape: str
    style: str


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """Everything that the page says of one rule.

    `because` explains the verdict, and is "" where the rule passes; `why` explains the bound, and
    is also the tooltip of the rule's name.
    """

    anchor: str
    name: str
    badge: Badge
    estimate: str
    here: str
    beyond: str
    bound: str
    seen: str
    why: str
    because: str
    remedy: str


NOT_TESTED = Badge(word="not tested", shape="○", style="none")
NO_RULE = Badge(word="no rule", shape="○", style="none")
OPEN = Badge(word="open", shape="◆", style="undecided")


def badge(verdict: Verdict) -> Badge:
    """Return a verdict as it is shown."""
    return Badge(word=verdict.name, shape=SHAPES[verdict], style=verdict.name.lower())


def badge_of(outcomes: Sequence[Outcome]) -> Badge:
    """Return what the rules of one suite come to.

    "Not tested" where no rule was judged, or where a key rule was not: without training images,
    say, a leakage suite does not pass on its other rules.
    """
    answered = [one for one in outcomes if one.judged and not one.open]
    many = sum(one.open for one in outcomes)
    if not outcomes:
        return NO_RULE
    if not answered:
        return OPEN if many else NOT_TESTED
    verdict = overall(answered)
    if any(one.open and one.blocks for one in outcomes) and verdict is not Verdict.FAIL:
        verdict = Verdict.UNDECIDED
    unasked = any(one.rule.key and one.absence and not one.absence.owed for one in outcomes)
    if unasked and verdict is Verdict.PASS:
        return NOT_TESTED
    found = badge(verdict)
    return replace(found, word=f"{found.word}, {many} open") if many else found


def shown(outcome: Outcome) -> Badge:
    """Return the badge of one rule."""
    if outcome.open:
        return OPEN
    return badge(outcome.verdict) if outcome.judged else NOT_TESTED


def rows(outcomes: Iterable[Outcome], words: Vocabulary) -> tuple[RuleRow, ...]:
    """Return judged rules as rows, the most harmful first."""
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
        badge=shown(outcome),
        estimate=estimate(outcome),
        here=interval(outcome, outcome.here),
        beyond=interval(outcome, outcome.beyond),
        bound=f"{asked} {plain(rule.bound)}",
        seen=seen(outcome),
        why=clean(rule.why),
        because=said(outcome) if outcome.verdict is not Verdict.PASS else "",
        remedy=clean(outcome.advice),
    )


def said(outcome: Outcome) -> str:
    """Return why a rule came out as it did, the lines of several things kept apart."""
    return "\n".join(map(clean, outcome.because.split("\n")))


def anchor(outcome: Outcome) -> str:
    """Return where a rule stands in the page."""
    return f"rule-{slug(outcome.rule.name)}"


def estimate(outcome: Outcome) -> str:
    """Return the estimate, rounded so that it never seems to keep a bound that it breaks."""
    if outcome.estimate is None:
        return NONE
    if sharp(outcome, outcome.interval):
        return whole(outcome.estimate, outcome.rule)
    return honest(outcome.estimate, outcome.rule, digits(outcome))


def sharp(outcome: Outcome, span: Span | None) -> bool:
    """Return whether a number stands alone, for it has no interval, or one of no width."""
    return span is None or span[0] == span[1] or outcome.rule.statistic in SHARP


def digits(outcome: Outcome) -> int:
    """Return how many decimals the interval deserves."""
    low, high = outcome.interval or (0.0, 0.0)
    return precision(high - low)


def interval(outcome: Outcome, span: Span | None) -> str:
    """Return an interval, rounded so that no end crosses the bound; a dash where none is."""
    if span is None or sharp(outcome, span):
        return NONE
    ends = [honest(one, outcome.rule, digits(outcome)) for one in span]
    return f"[{ends[0]}, {ends[1]}]"


def seen(outcome: Outcome) -> str:
    """Return the number of images of an estimate, and of movies where there are several."""
    if not outcome.n:
        return NONE
    if outcome.groups in (0, 1, outcome.n):
        return str(outcome.n)
    return f"{outcome.n} of {count(outcome.groups, 'movie')}"


def methods(outcomes: Iterable[Outcome]) -> str:
    """Return how the intervals of some rules were made, each way once."""
    known = [one for one in outcomes if one.interval and one.rule.statistic not in SHARP]
    ways = dict.fromkeys(one.method for one in known if one.method)
    if not ways:
        return ""
    shared = any(one.level > 0.95 for one in known)  # noqa: PLR2004 (the level of one rule alone)
    wider = ", wider where rules on paired drops share one risk (Holm)" * shared
    return f"Intervals of 95 %{wider}: {'; '.join(map(clean, ways))}."


def margin(outcome: Outcome, words: Vocabulary) -> str:
    """Return in a few words how far a rule is from its bound."""
    name = words.rule(outcome.rule)
    if outcome.rule.statistic == "census" and outcome.rule.bound == 0:
        # A count of signs, none allowed: the name of the rule says which was found.
        return (
            name if outcome.verdict in (Verdict.FAIL, Verdict.WARN) else f"{name}: cannot be told"
        )
    return f"{name} {estimate(outcome)}, {limit(outcome)}"


def limit(outcome: Outcome) -> str:
    """Return the bound of a rule in words: that of a warning where it warns."""
    rule = outcome.rule
    if outcome.verdict is Verdict.WARN:
        end = plain(rule.bound if rule.warn is None else rule.warn)
        return f"warns {'below' if rule.sign < 0 else 'above'} {end}"
    end = plain(rule.bound)
    return f"at least {end} asked" if rule.sign < 0 else f"at most {end} allowed"


def gravity(outcome: Outcome) -> tuple[bool, bool, int, float]:
    """Return the place of an outcome among the things to fear: verdict first, then harm."""
    told = outcome.open or outcome.judged
    listed = outcome.absence is not None
    return not told, listed, -outcome.verdict, -harm(outcome)


def harm(outcome: Outcome) -> float:
    """Return by how much a broken rule's estimate is beyond its bound.

    For other rules the end of the interval nearest to the bound counts; inside the bound harm is
    negative. Scores and drops, all within 0..1, are compared as they are; a breaking point by
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
