"""What a rule comes to: a verdict, its numbers, and one sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.policy.rule import Rule


class Verdict(IntEnum):
    """From best to worst; the whole is the worst of its parts.

    UNDECIDED is worse than WARN: a known small flaw is less to fear than not to know.
    """

    PASS = 0
    WARN = 1
    UNDECIDED = 2
    FAIL = 3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One rule, judged. `counts` is false where its question does not apply or may be missing.

    `interval` is at `level`, which is wider than 95 % where many rules share one risk.
    """

    rule: Rule
    verdict: Verdict
    because: str
    estimate: float | None = None
    interval: tuple[float, float] | None = None
    level: float = 0.95
    n: int = 0
    clusters: int = 0
    effective_n: float = 0.0
    method: str = ""
    choice: float | None = None
    counts: bool = True


def overall(outcomes: Iterable[Outcome]) -> Verdict:
    """Return the worst verdict that counts; UNDECIDED where none does."""
    return max((one.verdict for one in outcomes if one.counts), default=Verdict.UNDECIDED)


def side(interval: tuple[float, float], bound: float, *, at_least: bool) -> Verdict:
    """Return PASS where a whole interval is inside a bound, FAIL outside, else UNDECIDED.

    >>> side((0.81, 0.85), 0.8, at_least=True).name, side((0.7, 0.9), 0.8, at_least=True).name
    ('PASS', 'UNDECIDED')
    """
    low, high = interval
    inside, outside = (low >= bound, high < bound) if at_least else (high <= bound, low > bound)
    return Verdict.PASS if inside else Verdict.FAIL if outside else Verdict.UNDECIDED
