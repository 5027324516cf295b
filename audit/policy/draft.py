"""A rule with what was found about it, before the level of its interval is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.policy.sentence import tolerates
from audit.policy.verdict import Verdict, side

if TYPE_CHECKING:
    from audit.policy.rule import Rule
    from audit.quantities.evidence import Evidence
    from audit.quantities.finding import Finding

SHARES = (
    *("iou", "dice", "recall", "class_iou", "correct_rejection", "agreement"),
    *("foreground_fraction", "still_fraction", "found_fraction", "control_fraction"),
    *("object_recall", "neglected_recall", "saturated_fraction"),
)
"""Metrics that are shares: they end at 0 and 1, which Student's t does not know, and which bounds
what a failed image may hide."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A rule with its evidence and finding, before its level is known."""

    rule: Rule
    evidence: Evidence
    finding: Finding


def possible(rule: Rule, interval: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the interval within what is possible: a share is 0..1, a difference of two -1..1.

    A rate is at least 0.
    """
    if interval and rule.statistic == "rate" and not rule.against:
        return max(0.0, interval[0]), interval[1]
    if interval is None or rule.metric not in SHARES:
        return interval
    if rule.statistic not in ("mean", "pooled", "worst"):
        return interval
    # The difference of two losses reaches twice as far.
    reach = float(len(rule.against))
    low, high = (-reach, reach) if rule.against else (0.0, 1.0)
    return max(low, interval[0]), min(high, interval[1])


def bounded(draft: Draft, interval: tuple[float, float]) -> Verdict:
    """Return the verdict of an interval on a rule's bounds."""
    rule = draft.rule
    at_least = rule.at_least is not None
    if tolerates(rule, draft.finding):
        return Verdict.PASS
    verdict = side(interval, rule.bound, at_least=at_least)
    beyond = rule.warn is not None and side(interval, rule.warn, at_least=at_least) is Verdict.FAIL
    return Verdict.WARN if verdict is Verdict.PASS and beyond else verdict
