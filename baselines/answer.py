"""What a rule answered about a network, as the self test counts it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from audit.policy.verdict import Verdict

if TYPE_CHECKING:
    from audit.policy.verdict import Outcome


class Reply(StrEnum):
    """Failed and warned accuse, passed acquits, open could not tell, unasked had no question."""

    FAILED = "failed"
    WARNED = "warned"
    OPEN = "open"
    PASSED = "passed"
    UNASKED = "unasked"


ANSWERS = {
    Verdict.FAIL: Reply.FAILED,
    Verdict.WARN: Reply.WARNED,
    Verdict.UNDECIDED: Reply.OPEN,
    Verdict.PASS: Reply.PASSED,
}


def answer(outcome: Outcome) -> Reply:
    """Return what a rule answered: the only place where the self test reads an outcome."""
    if not outcome.counts:
        return Reply.UNASKED
    return Reply.OPEN if outcome.open else ANSWERS[outcome.verdict]
