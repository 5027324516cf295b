"""What an interval says of a bound, and who bears the burden where it says nothing.

| interval | harm | proof |
|---|---|---|
| wholly beyond the bound | FAIL, or WARN where the rule only warns | FAIL |
| wholly inside | PASS, or WARN beyond `warn` | PASS |
| on both sides, estimate inside | PASS, unless a gross harm could hide | UNDECIDED |
| on both sides, estimate beyond | UNDECIDED | UNDECIDED |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from audit.policy.verdict import Verdict
from audit.quantities.answer import possible

if TYPE_CHECKING:
    from audit.policy.rule import Rule
    from audit.quantities.answer import Span
    from audit.quantities.evidence import Evidence
    from audit.quantities.finding import Finding
    from audit.statistics.estimate import Scope


class Side(Enum):
    """Where an interval lies with regard to a bound."""

    INSIDE = "inside"
    BEYOND = "beyond"
    ASTRIDE = "astride"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A rule with its evidence and what was found in either scope, before its level is known."""

    rule: Rule
    evidence: Evidence
    here: Finding
    beyond: Finding
    scope: Scope

    @property
    def finding(self) -> Finding:
        """What was found in the scope that the rule is judged by."""
        return self.here if self.scope == "here" else self.beyond

    def span(self, scope: Scope, level: float) -> Span | None:
        """Return the interval in a scope, cut to what is possible."""
        found = self.here if scope == "here" else self.beyond
        interval = found.estimate.interval(level)
        if interval is None:
            return None
        low, high = possible(self.rule, self.evidence)
        return max(low, interval[0]), min(high, interval[1])


def side(interval: Span, bound: float, sign: int) -> Side:
    """Return where an interval lies; `sign` is 1 where more is worse.

    >>> side((0.81, 0.85), 0.8, -1).value, side((0.7, 0.9), 0.8, -1).value
    ('inside', 'astride')
    """
    low, high = interval
    inside, beyond = (high <= bound, low > bound) if sign > 0 else (low >= bound, high < bound)
    return Side.INSIDE if inside else Side.BEYOND if beyond else Side.ASTRIDE


def worse(value: float, bound: float, sign: int) -> bool:
    """Return whether a value lies beyond a bound."""
    return (value - bound) * sign > 0


def ideal(rule: Rule, evidence: Evidence) -> float:
    """Return the value without any harm: nothing lost, everything kept, no difference."""
    differs = bool(rule.against) or rule.statistic in ("gain", "correlation")
    end = evidence.low if rule.sign > 0 else evidence.high
    return 0.0 if differs or end in (float("inf"), float("-inf")) else end


def verdict_of(draft: Draft, interval: Span) -> Verdict:
    """Return the verdict of an interval on a rule's bounds; UNDECIDED leaves the rule open."""
    rule, value = draft.rule, draft.finding.estimate.value
    if tolerates(rule, draft.finding):
        return Verdict.PASS
    where = side(interval, rule.bound, rule.sign)
    if where is Side.BEYOND:
        only = rule.warns or within(draft.finding.choice, rule.mild)
        return Verdict.WARN if only else Verdict.FAIL
    if where is Side.ASTRIDE and (rule.burden == "proof" or worse(value, rule.bound, rule.sign)):
        return Verdict.UNDECIDED
    if where is Side.ASTRIDE and hides(draft, interval):
        return Verdict.UNDECIDED
    warned = rule.warn is not None and side(interval, rule.warn, rule.sign) is Side.BEYOND
    return Verdict.WARN if warned else Verdict.PASS


def hides(draft: Draft, interval: Span) -> bool:
    """Return whether a gross harm lies within an interval."""
    rule = draft.rule
    far = rule.far(ideal(rule, draft.evidence))
    end = interval[1] if rule.sign > 0 else interval[0]
    return worse(end, far, rule.sign)


def tolerates(rule: Rule, finding: Finding) -> bool:
    """Return whether the best choice lies where a rule counts no gain."""
    return within(finding.choice, rule.tolerated)


def within(choice: float | None, span: Span | None) -> bool:
    """Return whether a choice that was made lies in a range that was named."""
    return choice is not None and span is not None and span[0] <= choice <= span[1]
