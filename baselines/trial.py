"""The judged rules of one planted flaw; and a healthy network, judged by the whole policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from baselines.answer import Reply, answer

if TYPE_CHECKING:
    from audit.policy.verdict import Outcome
    from baselines.flaws.effect import MeasuredEffect
    from baselines.flaws.flaw import Flaw


@dataclass(frozen=True, kw_only=True)
class TrialLine:
    """One rule that is named for a flaw, judged on the flawed network and on its healthy twin.

    A rule that is `withheld` only has to refuse the flawed network a PASS.
    """

    flaw: Flaw
    rule: str
    withheld: bool = False
    flawed: Outcome
    twin: Outcome
    seed: int = 0

    @property
    def caught(self) -> bool:
        """Whether the rule objects to the flawed network, as it must."""
        return self.objects(self.flawed)

    @property
    def alarmed(self) -> bool:
        """Whether the rule objects to the healthy twin: a false alarm."""
        return self.objects(self.twin)

    def objects(self, outcome: Outcome) -> bool:
        """Return whether the rule fails a network or, where `withheld`, does not pass it."""
        got = answer(outcome)
        return got is Reply.FAILED or (self.withheld and got is not Reply.PASSED)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A flaw planted once: its effect as it was measured, and a line for each rule named for it.

    Without an effect there is no line: it cannot be caught, and counts as no miss.
    """

    flaw: Flaw
    seed: int
    found: MeasuredEffect | None = None
    lines: tuple[TrialLine, ...] = ()

    @property
    def present(self) -> bool:
        """Whether there is a flaw to be caught."""
        return self.found is None or self.found.present


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A healthy network, the flaws whose twin it is, and what the whole policy said of it."""

    name: str
    seed: int
    outcomes: tuple[Outcome, ...]

    def rules(self, *wanted: Reply) -> list[str]:
        """Return the names of the rules that gave one of these answers."""
        return [one.rule.name for one in self.outcomes if answer(one) in wanted]

    @property
    def asked(self) -> int:
        """How many rules applied to it."""
        return len(self.outcomes) - len(self.rules(Reply.UNASKED))
