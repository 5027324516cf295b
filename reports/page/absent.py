"""Why rules were not judged, said once for all that share a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.quantities.absence import Absence
from audit.role import AUDITED
from reports.figures.evidence import roles
from reports.page.rules import anchor
from reports.words import capital, clean, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.policy.verdict import Outcome
    from audit.record.record import Record
    from reports.vocabulary import Vocabulary

NO_REFERENCE = "no reference network was given"


@dataclass(frozen=True, kw_only=True)
class Unjudged:
    """Rules that share one reason, each as its anchor in the page and its name."""

    why: str
    rules: tuple[tuple[str, str], ...]


def unjudged(
    record: Record, outcomes: Sequence[Outcome], words: Vocabulary
) -> tuple[Unjudged, ...]:
    """Return the rules without a verdict by their reason, the commonest reason first."""
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        if not one.judged:
            found.setdefault(reason(record, one), []).append(one)
    return tuple(
        Unjudged(
            why=f"{capital(why.rstrip('.'))}.",
            rules=tuple((anchor(one), words.rule(one.rule)) for one in same),
        )
        for why, same in sorted(found.items(), key=lambda pair: -len(pair[1]))
    )


def reason(record: Record, outcome: Outcome) -> str:
    """Return why a rule was not judged, in words that do not depend on the rule."""
    if "reference" in outcome.rule.against and set(roles(record)) <= {AUDITED}:
        return NO_REFERENCE
    if outcome.absence is Absence.NOT_ASKED:
        left_out = record.provenance().get("left_out") or {}
        return clean(left_out.get(outcome.rule.probe) or "this audit was not asked to")
    if outcome.absence is Absence.UNFINISHED:
        return "the audit was not finished: the same command goes on where it stopped"
    units = record.units(outcome.rule.probe)
    told = dict.fromkeys(unit.reason for unit in units if unit.status != "done" and unit.reason)
    if told and outcome.absence in (Absence.LACKING, Absence.NOT_APPLICABLE, Absence.FAILED):
        return "; ".join(short(one, 200) for one in told)
    return clean(outcome.because)
