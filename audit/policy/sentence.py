"""The one sentence of an outcome, written here and shown everywhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audit.policy.bounds import Side, side, tolerates, worse
from audit.policy.verdict import Verdict
from audit.quantities.counted import CENSUS

if TYPE_CHECKING:
    from audit.policy.rule import Rule
    from audit.quantities.answer import Span
    from audit.quantities.finding import Finding
    from audit.statistics.estimate import Estimate

MOST_TIMES = 100
"""From so many times the data on, it is only said that it is more."""

SHARP = ("census", "permutation")
"""Statistics of all that there is: what they find has no interval to be shown."""


def because(rule: Rule, finding: Finding, interval: Span, verdict: Verdict) -> str:
    """Return why a rule came out as it did: the number, its interval, the bound, the data."""
    low, high = interval
    digits = precision(high - low)
    number = honest(finding.estimate.value, rule, digits)
    best = f" (best factor {finding.choice:.2f})" if finding.choice is not None else ""
    span = f" [{honest(low, rule, digits)}, {honest(high, rule, digits)}]"
    span = "" if rule.statistic in SHARP else span
    said = relation(rule, finding, interval, verdict)
    return (
        f"{sentence_case(rule.what)} is {number}{span}{best}, {said}, in {seen(finding.estimate)}."
    )


def relation(rule: Rule, finding: Finding, interval: Span, verdict: Verdict) -> str:
    """Return how the interval lies to the bound, in words."""
    if tolerates(rule, finding):
        return "no gain, since that factor is as good as 1"
    if verdict is Verdict.FAIL:
        return f"where {asked(rule)} is asked"
    if verdict is Verdict.WARN:
        limit = rule.bound if rule.warns or rule.warn is None else rule.warn
        return f"beyond the {limit:g} that is worth a warning"
    where = side(interval, rule.bound, rule.sign)
    if verdict is Verdict.PASS and where is Side.INSIDE:
        perhaps = rule.warn is not None and worse(finding.estimate.value, rule.warn, rule.sign)
        return f"inside {asked(rule)}" + f", perhaps beyond {rule.warn}" * perhaps
    if verdict is Verdict.PASS:
        return f"none shown beyond {asked(rule)}; {visible(rule, interval)} would have been seen"
    return f"on both sides of {asked(rule)}"


def asked(rule: Rule) -> str:
    """Return what a rule asks, in words."""
    return f"{'at least' if rule.sign < 0 else 'at most'} {rule.bound:g}"


def visible(rule: Rule, interval: Span) -> str:
    """Return what would have been seen: the far end of the interval is the power of the test."""
    low, high = interval
    end = high if rule.sign > 0 else low
    word = "more" if rule.sign > 0 else "less"
    return f"{honest(end, rule, precision(high - low))} or {word}"


def sentence_case(phrase: str) -> str:
    """Return a phrase as the beginning of a sentence.

    >>> sentence_case("the IoU lost")
    'The IoU lost'
    """
    return phrase[:1].upper() + phrase[1:]


def seen(estimate: Estimate) -> str:
    """Return what an estimate was made from, in words."""
    if estimate.method == CENSUS:
        return "all that there is to measure"
    things = f"{estimate.n} {estimate.unit}{'s' * (estimate.n != 1)}"
    if estimate.unit != "image" or estimate.groups == estimate.n:
        return things
    return f"{things} of {'one movie' if estimate.groups == 1 else f'{estimate.groups} movies'}"


def decisive(rule: Rule, estimate: Estimate, interval: Span) -> str:
    """Return what would decide a rule that is open."""
    distance = abs(estimate.value - rule.bound)
    reach = (interval[1] - interval[0]) / 2
    if distance <= reach / MOST_TIMES**0.5:
        return "It stands almost on the bound: hardly any more data of this kind would decide it."
    more = max(1, math.ceil(estimate.n * ((reach / distance) ** 2 - 1)))
    return f"About {more} more {estimate.unit}{'s' * (more != 1)} like these would decide it."


def precision(width: float) -> int:
    """Return how many decimals an interval of some width deserves.

    >>> precision(0.04), precision(12)
    (3, 0)
    """
    return 3 if width <= 0 else min(4, max(0, 1 - math.floor(math.log10(width))))


def honest(value: float, rule: Rule, digits: int) -> str:
    """Return a number rounded so that it never seems to be on the other side of its bound."""
    text = f"{value:z.{digits}f}"
    shown, bound = float(text), rule.bound
    if (shown > bound, shown < bound) == (value > bound, value < bound):
        return text
    return honest(value, rule, digits + 1) if digits < 8 else repr(float(value))  # noqa: PLR2004
