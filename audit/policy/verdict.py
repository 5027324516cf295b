"""What a rule comes to, and what all of them come to together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from audit.quantities.absence import Absence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.policy.policy import Policy
    from audit.policy.remedy import Tried
    from audit.policy.rule import Rule
    from audit.quantities.answer import Span
    from audit.statistics.estimate import Scope


class Verdict(IntEnum):
    """From best to worst.

    UNDECIDED is worse than WARN: a known small flaw is less to fear than not to know.
    """

    PASS = 0
    WARN = 1
    UNDECIDED = 2
    FAIL = 3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One rule, judged.

    `open` says that an answer was asked for and is not decided. `absence` says why a rule could not
    be judged, `reason` says it in words; None and "" where it was. `estimate` is what was found,
    `here` and `beyond` its intervals for these movies and for others, at `level`, which is wider
    than 95 % where many rules share one risk; `scope` is the one that it was judged by. `because`
    is one whole sentence.
    """

    rule: Rule
    verdict: Verdict
    because: str
    open: bool = False
    absence: Absence | None = None
    reason: str = ""
    estimate: float | None = None
    here: Span | None = None
    beyond: Span | None = None
    scope: Scope = "here"
    level: float = 0.95
    n: int = 0
    groups: int = 0
    method: str = ""
    choice: float | None = None
    fragile: bool = False
    """Whether only images without a result keep it from a verdict."""
    failed: int = 0
    """The images on which the model failed."""
    tried: Tried | None = None
    """What the rule's remedy brings, where the rule is broken and images tell."""

    @property
    def interval(self) -> Span | None:
        """The interval that the rule was judged by."""
        return self.here if self.scope == "here" else self.beyond

    @property
    def advice(self) -> str:
        """What to do about a broken rule, and what it would bring; "" of any other."""
        if not self.judged or self.verdict not in (Verdict.FAIL, Verdict.WARN):
            return ""
        return " ".join([self.rule.remedy, self.tried.said if self.tried else ""]).strip()

    @property
    def counts(self) -> bool:
        """Whether it is more than listed: judged, or owed an answer."""
        return self.absence is None or self.absence.owed

    @property
    def judged(self) -> bool:
        """Whether there was something to judge."""
        return self.absence is None

    @property
    def blocks(self) -> bool:
        """Whether no verdict of the whole stands while this is unanswered."""
        if not self.rule.key or self.verdict is not Verdict.UNDECIDED:
            return False
        listed = self.absence is not None and not self.absence.owed
        return self.open or not (listed and self.excused)

    @property
    def broken(self) -> bool:
        """Whether it is the model's failures that keep it from a verdict."""
        return self.absence is Absence.FAILED or (self.fragile and self.failed > 0)

    @property
    def excused(self) -> bool:
        """Whether the rule, or whoever chose the questions, lets it go unanswered."""
        return self.rule.missing == "ignore" or self.absence is Absence.NOT_ASKED


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The outcomes of a policy on a record, and what they come to together.

    `unfinished` counts the units of work that an interrupted audit still owes.
    """

    policy: Policy
    outcomes: tuple[Outcome, ...]
    unfinished: int = 0

    @property
    def verdict(self) -> Verdict:
        """FAIL where a rule fails; UNDECIDED where a key rule is, or nothing was judged."""
        return overall(self.outcomes, self.unfinished)

    @property
    def broken(self) -> bool:
        """Whether there is no verdict because the model failed on the images."""
        if self.verdict is not Verdict.UNDECIDED or self.unfinished:
            return False
        owed = [one for one in self.outcomes if one.blocks] or list(self.open)
        lost = any(one.absence is Absence.FAILED for one in owed)
        return lost or (bool(owed) and all(one.broken for one in owed))

    @property
    def open(self) -> tuple[Outcome, ...]:
        """The rules that were asked and are not decided."""
        return tuple(one for one in self.outcomes if one.open)

    @property
    def said(self) -> str:
        """The verdict as it is printed: with the number of open rules.

        "PASS, 3 open".
        """
        many = len(self.open)
        return self.verdict.name + (f", {many} open" if many else "")


def overall(outcomes: Sequence[Outcome], unfinished: int = 0) -> Verdict:
    """Return what rules come to together; only failures and what is key can spoil a pass."""
    judged = [one.verdict for one in outcomes if one.judged and not one.open]
    if Verdict.FAIL in judged:
        return Verdict.FAIL
    if unfinished or not judged or any(one.blocks for one in outcomes):
        return Verdict.UNDECIDED
    return max(judged)
