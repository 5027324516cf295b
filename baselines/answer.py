"""What a rule answered about a network, as the self test counts it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from audit.policy.verdict import Verdict

if TYPE_CHECKING:
    from audit.policy.verdict import Outcome


class Reply(StrEnum):
    """What one rule said of a network.

    FAILED and WARNED object to it and PASSED does not; OPEN could not decide; UNASKED had
    nothing to judge, as where no reference was given.
    """

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
    """Return the reply that an outcome of a rule counts as in the self test."""
    if not outcome.counts:
        return Reply.UNASKED
    return Reply.OPEN if outcome.open else ANSWERS[outcome.verdict]
