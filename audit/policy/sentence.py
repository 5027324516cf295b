"""The one sentence of an outcome, written here and shown everywhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audit.policy.verdict import Verdict
from audit.quantities.counted import CENSUS

if TYPE_CHECKING:
    from audit.policy.rule import Rule
    from audit.quantities.finding import Finding
    from audit.statistics.estimate import Estimate


def because(rule: Rule, finding: Finding, interval: tuple[float, float], verdict: Verdict) -> str:
    """Return why a rule came out as it did: the number, its interval, the bound, the data."""
    low, high = interval
    digits = precision(high - low)
    number = honest(finding.estimate.value, rule, digits)
    asked = "at least" if rule.at_least is not None else "at most"
    relation = {
        Verdict.PASS: f"inside the bound of {asked} {rule.bound:g}",
        Verdict.WARN: f"surely beyond the {rule.warn} that is worth a warning",
        Verdict.FAIL: f"where {asked} {rule.bound:g} is asked",
        Verdict.UNDECIDED: f"on both sides of the bound of {asked} {rule.bound:g}",
    }[verdict]
    best = f" (best factor {finding.choice:.2f})" if finding.choice is not None else ""
    if verdict is Verdict.PASS and rule.only_warns:
        relation = f"not surely beyond the {rule.limit:g} that is worth a warning"
    if tolerates(rule, finding):
        relation = "no gain, since that factor is as good as 1"
    span = f" [{honest(low, rule, digits)}, {honest(high, rule, digits)}]"
    span = "" if rule.statistic in ("census", "permutation") else span
    known = seen(finding.estimate)
    return f"{sentence_case(rule.what)} is {number}{span}{best}, {relation}, in {known}."


def sentence_case(phrase: str) -> str:
    """Return a phrase as the beginning of a sentence.

    >>> sentence_case("the IoU lost")
    'The IoU lost'
    """
    return phrase[:1].upper() + phrase[1:]


def tolerates(rule: Rule, finding: Finding) -> bool:
    """Return whether the best choice lies where a rule counts no gain."""
    if rule.tolerated is None or finding.choice is None:
        return False
    low, high = rule.tolerated
    return low <= finding.choice <= high


def seen(estimate: Estimate) -> str:
    """Return what an estimate was made from, in words."""
    if estimate.method == CENSUS:
        return "all that there is to measure"
    images = f"{estimate.n} {estimate.unit}{'s' * (estimate.n != 1)}"
    if estimate.groups == 1 and estimate.n > 1:
        worth = f" (worth {estimate.effective_n:.0f} independent ones)"
        return f"{images} of one movie" + worth * (estimate.effective_n < estimate.n - 1)
    if estimate.groups == estimate.n:
        return images
    return f"{images} of {estimate.groups} groups"


def decisive(rule: Rule, estimate: Estimate, interval: tuple[float, float]) -> str:
    """Return what would decide a rule that is undecided."""
    if estimate.groups == 1 and estimate.n > 1:
        return "Another movie would decide it; more frames of this one hardly would."
    reach = (interval[1] - interval[0]) / 2
    distance = abs(estimate.value - rule.bound)
    if distance <= reach / 10:
        return "The estimate stands almost on the bound: more than a hundred times the data."
    times = (reach / distance) ** 2
    more = max(1, math.ceil(estimate.groups * (times - 1)))
    unit = "images" if estimate.groups == estimate.n else "groups (movies, plates)"
    return f"About {more} more {unit} like these would decide it."


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
