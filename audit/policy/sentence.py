"""The one sentence of an outcome, written here and shown everywhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audit.policy.bounds import Side, side, tolerates, worse
from audit.policy.number import honest, plain, precision, whole
from audit.policy.verdict import Verdict

if TYPE_CHECKING:
    from audit.policy.rule import Rule
    from audit.quantities.answer import Span
    from audit.quantities.finding import Finding
    from audit.statistics.estimate import Estimate

MOST_TIMES = 10
"""Who would need more than so many times the data is told only that it is more."""

NOTHING = 0.0001
"""An interval that lies nearer to 0 is said to be almost 0."""

SHARP = ("census", "permutation")
"""Statistics of all that there is: what they find has no interval to be shown."""

P_VALUE = "permutation"
"""What this statistic finds is a p value, and is said as one."""


def because(rule: Rule, finding: Finding, interval: Span, verdict: Verdict) -> str:
    """Return why a rule came out as it did: the number, its interval, the data, the bound."""
    best = f" (best factor {finding.choice:.2f})" if finding.choice is not None else ""
    number, found = measured(rule, finding.estimate.value, interval), finding.estimate
    where = counted(found.n, found.groups, found.unit, every=number in ("is 0", "is 1"))
    told = relation(rule, finding, interval, verdict)
    return f"{sentence_case(rule.what)} {number}{best}{where}; {told}."


def measured(rule: Rule, value: float, interval: Span) -> str:
    """Return the number that was found, with its interval where it has one.

    An interval whose ends are written alike says nothing that the number does not.
    """
    digits = precision(interval[1] - interval[0])
    low, high = (honest(end, rule, digits) for end in interval)
    if rule.statistic == P_VALUE:
        return f"has p = {honest(value, rule, 2)}"
    if rule.statistic in SHARP or low == high or nothing(interval):
        return f"is {whole(value, rule)}"
    return f"is {honest(value, rule, digits)} [{low}, {high}]"


def nothing(interval: Span) -> bool:
    """Return whether an interval holds nothing but what is as good as 0."""
    return max(map(abs, interval)) < NOTHING


def relation(rule: Rule, finding: Finding, interval: Span, verdict: Verdict) -> str:
    """Return how the interval lies to the bound, in words."""
    if tolerates(rule, finding):
        return "nothing is gained, since that factor is as good as 1"
    if verdict is Verdict.WARN:
        limit = rule.bound if rule.warn is None else rule.warn
        return f"{than(rule, limit)} is worth a warning"
    where, word = side(interval, rule.bound, rule.sign), "less" if rule.sign < 0 else "more"
    if verdict is Verdict.FAIL or where is Side.INSIDE:
        return asked(rule) + perhaps(rule, finding)
    beyond = worse(finding.estimate.value, rule.bound, rule.sign)
    if verdict is Verdict.PASS:
        return f"{asked(rule)}, and {far(rule, interval)} would have been seen"
    if beyond:
        return f"{asked(rule)}, and whether it is {word} is open"
    return f"{asked(rule)}, and {far(rule, interval)} cannot be ruled out"


def than(rule: Rule, limit: float) -> str:
    """Return what lies beyond a limit, in words."""
    if limit == 0 and rule.statistic == "census" and rule.sign > 0:
        return "any"
    return f"{'less' if rule.sign < 0 else 'more'} than {plain(limit)}"


def asked(rule: Rule) -> str:
    """Return what a rule asks, in words."""
    if rule.warns:
        beyond = than(rule, rule.bound)
        return (
            "any would be worth a warning"
            if beyond == "any"
            else f"only {beyond} is worth a warning"
        )
    if than(rule, rule.bound) == "any":
        return "none is allowed"
    if rule.sign < 0:
        return f"at least {plain(rule.bound)} is asked"
    return f"at most {plain(rule.bound)} is allowed"


def perhaps(rule: Rule, finding: Finding) -> str:
    """Return that a number may be worth a warning, where it lies beyond it and not for sure."""
    if rule.warn is None or not worse(finding.estimate.value, rule.warn, rule.sign):
        return ""
    if worse(finding.estimate.value, rule.bound, rule.sign):
        return ""
    return f", and it may be {than(rule, rule.warn)}, which is worth a warning"


def far(rule: Rule, interval: Span) -> str:
    """Return the far end of an interval, which is what could have been seen."""
    low, high = interval
    end = honest(high if rule.sign > 0 else low, rule, precision(high - low))
    return f"{end} or {'more' if rule.sign > 0 else 'less'}"


def sentence_case(phrase: str) -> str:
    """Return a phrase as the beginning of a sentence.

    >>> sentence_case("the IoU lost")
    'The IoU lost'
    """
    return phrase[:1].upper() + phrase[1:]


def counted(many: int, groups: int, unit: str, *, every: bool = False) -> str:
    """Return how many things were seen, in words; nothing where they are no sample.

    `every` says that what was found is true of each of them.

    >>> counted(12, 1, "image"), counted(12, 12, "image"), counted(1, 1, "object")
    (' in 12 images of one movie', ' in 12 images', ' in one object')
    """
    if unit == "measurement":
        return ""
    things = f" in {'all ' * every}{many} {unit}s" if many != 1 else f" in one {unit}"
    if unit != "image" or groups == many:
        return things
    return f"{things} of {'one movie' if groups == 1 else f'{groups} movies'}"


def decisive(rule: Rule, estimate: Estimate, interval: Span) -> str:
    """Return what would decide a rule that is open."""
    distance = abs(estimate.value - rule.bound)
    reach = (interval[1] - interval[0]) / 2
    if distance <= reach / MOST_TIMES**0.5:
        return "It stands almost on the bound: hardly any more data of this kind would decide it."
    more = max(1, math.ceil(estimate.n * ((reach / distance) ** 2 - 1)))
    return f"About {more} more {estimate.unit}{'s' * (more != 1)} like these would decide it."
