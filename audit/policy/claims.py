"""Claims held against a record: supported, refuted or undecided, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from audit.declared import declared
from audit.errors import PolicyError
from audit.policy.claim import Claims, rules_of
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.policy.claim import Claim
    from audit.policy.verdict import Outcome
    from audit.record.record import Record


class Standing(Enum):
    """What becomes of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class Held:
    """A claim, what became of it, and the sentences that say why."""

    claim: Claim
    standing: Standing
    evidence: tuple[str, ...]


def read_claims(path: Path) -> Claims:
    """Return the claims in a TOML file; PolicyError names the line that is wrong."""
    return declared(Claims, path, PolicyError)


def hold(claims: Claims, record: Record, policy: Policy) -> list[Held]:
    """Return every claim with its standing; `policy` has the rules that look for harm."""
    return [held(one, record, policy) for one in claims.claim]


def held(claim: Claim, record: Record, policy: Policy) -> Held:
    """Return one claim with its standing."""
    rules = rules_of(claim, record, policy)
    if isinstance(rules, str):
        said = f"Not decided: {rules}."
        return Held(claim=claim, standing=Standing.UNDECIDED, evidence=(said,))
    asked = Policy(name="claim", scope=policy.scope, rule=tuple(rules))
    outcomes = judge(asked, record).outcomes
    standing = stands(outcomes)
    return Held(claim=claim, standing=standing, evidence=telling(outcomes, standing))


def stands(outcomes: Sequence[Outcome]) -> Standing:
    """Return what outcomes make of a claim: one that fails refutes, all must pass to support it."""
    if any(one.verdict is Verdict.FAIL for one in outcomes):
        return Standing.REFUTED
    if all(one.verdict in (Verdict.PASS, Verdict.WARN) for one in outcomes):
        return Standing.SUPPORTED
    return Standing.UNDECIDED


def telling(outcomes: Sequence[Outcome], standing: Standing) -> tuple[str, ...]:
    """Return the sentences that carry a standing: what failed, what is undecided, or all."""
    kinds = {Standing.REFUTED: Verdict.FAIL, Standing.UNDECIDED: Verdict.UNDECIDED}
    wanted = kinds.get(standing)
    return tuple(one.because for one in outcomes if wanted is None or one.verdict is wanted)
