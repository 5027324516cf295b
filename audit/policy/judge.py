"""Judging a record by a policy: pure, and free to repeat on an old record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.policy.bounds import Draft, verdict_of, worse
from audit.policy.doubt import doubted
from audit.policy.sentence import because, decisive, sentence_case
from audit.policy.tried import tried
from audit.policy.verdict import Judgement, Outcome, Verdict
from audit.quantities.absence import Absence, Absent
from audit.quantities.evidence import Evidence, gather
from audit.quantities.statistic import STATISTICS
from audit.statistics.multiplicity import holm_levels

if TYPE_CHECKING:
    from audit.policy.policy import Policy
    from audit.policy.rule import Rule
    from audit.quantities.evidence import Remark
    from audit.record.record import Record
    from audit.statistics.estimate import Scope

ALPHA = 0.05

LEAST_IMAGES = 4
"""A question that can be asked of fewer images, and of no more than half, is one of luck."""


def judge(policy: Policy, record: Record) -> Judgement:
    """Return the outcome of every rule, in the policy's order, and what they come to.

    Rules on paired drops share one risk of 5 % within their suite (Holm). A rule whose
    prerequisites did not pass is open.
    """
    rules = tuple(rule.of_task(record) for rule in policy.rules)
    drafted = {rule.name: draft(policy.scope, rule, record) for rule in rules}
    drafts = [one for one in drafted.values() if isinstance(one, Draft)]
    shared = [adjusted(one, drafts) for one in drafts]
    outcomes = {
        one.rule.name: decide(one, level) for one, level in zip(shared, levels(shared), strict=True)
    }
    by_id: dict[str, list[Outcome]] = {}
    for rule in rules:
        found = drafted[rule.name]
        if isinstance(found, Absent):
            outcomes[rule.name] = absent(rule, found, policy.scope)
        by_id.setdefault(rule.id, []).append(outcomes[rule.name])
    ruled = [conditional(outcomes[rule.name], by_id) for rule in rules]
    return Judgement(
        policy=policy,
        outcomes=tuple(replace(one, tried=tried(one, record)) for one in ruled),
        unfinished=int(record.provenance().get("unfinished", 0)),
    )


def draft(scope: Scope, rule: Rule, record: Record) -> Draft | Absent:
    """Return what was found about a rule in both scopes, or why nothing was."""
    evidence = gather(record, rule)
    if isinstance(evidence, Absent):
        return evidence
    if unfit := unusable(evidence, rule):
        return Absent(Absence.UNDEFINED, unfit)
    if rare := exceptional(evidence, rule, record):
        return rare
    found = STATISTICS[rule.statistic]
    here, beyond = found(evidence, rule, "here"), found(evidence, rule, "beyond")
    if here.impossible:
        # Two movies hold nothing that could be exchanged: the data lack it, as a part.
        return Absent(Absence.LACKING, here.note)
    return Draft(rule=rule, evidence=evidence, here=here, beyond=beyond, scope=scope)


def unusable(evidence: Evidence, rule: Rule) -> str | None:
    """Return why a statistic cannot be made of evidence; None where it can."""
    if rule.statistic == "gain" and 1.0 not in evidence.choices:
        return f"{rule.probe} has no {rule.over} of 1, from which a gain is counted"
    numbers = all(isinstance(choice, int | float) for choice in evidence.choices)
    if rule.statistic in ("gain", "breaking_point") and not numbers:
        return f"the {rule.over} of {rule.probe} is no number"
    return None


def exceptional(evidence: Evidence, rule: Rule, record: Record) -> Absent | None:
    """Return why evidence is too rare to be asked for, where a verdict can do without.

    In crowded fields hardly an object stands alone: what can be asked of three images of thirty
    says nothing of the rest.
    """
    query = "select count(*) from samples where part = 'test'"
    (tested,) = record.database.execute(query).fetchone()
    asked = len(set(evidence.samples))
    rare = asked < LEAST_IMAGES and 2 * asked <= tested
    if rule.key or not rare or evidence.unit != "image" or rule.statistic == "census":
        return None
    if any(unit.status == "stopped" for unit in record.units(rule.probe)):
        reason = f"the time limit was reached after {asked} of {tested} images"
        return Absent(Absence.UNFINISHED, reason)
    return Absent(Absence.UNDEFINED, f"only {asked} of {tested} images could be asked")


def adjusted(one: Draft, drafts: list[Draft]) -> Draft:
    """Return a draft whose p value accounts for the other p values of its suite (Holm)."""
    if one.rule.statistic != "permutation":
        return one
    alike = [other for other in drafts if family(other.rule) == family(one.rule)]
    level = holm_levels([other.here.estimate.value for other in alike])[alike.index(one)]
    found = one.here.estimate
    shared = replace(one.here, estimate=replace(found, value=min(1.0, found.value * ALPHA / level)))
    return replace(one, here=shared, beyond=shared)


def family(rule: Rule) -> tuple[str, str]:
    """Return what rules have in common that share one risk."""
    return rule.suite, rule.statistic


def levels(drafts: list[Draft]) -> list[float]:
    """Return the level of each interval: Holm's within a suite for paired rules, else 95 %.

    A rule that cannot fail takes no share of the risk of failing a model wrongly.
    """
    found = [1 - ALPHA] * len(drafts)
    families: dict[str, list[int]] = {}
    for index, one in enumerate(drafts):
        if "clean" in one.rule.against and not one.rule.warns:
            families.setdefault(one.rule.suite, []).append(index)
    for members in families.values():
        doubts = [drafts[i].finding.estimate.doubt(drafts[i].rule.bound) for i in members]
        for index, alpha in zip(members, holm_levels(doubts, ALPHA), strict=True):
            found[index] = 1 - alpha
    return found


def absent(rule: Rule, found: Absent, scope: Scope) -> Outcome:
    """Return the outcome of a rule without evidence: never a pass."""
    # A probe that tells in a sentence of its own why nothing can be told has said it all.
    whole = found.kind is Absence.UNDEFINED and found.reason.endswith(".")
    said = f"{sentence_case(rule.what)} was not judged: {found.reason.rstrip('.')}."
    return Outcome(
        rule=rule,
        verdict=Verdict.UNDECIDED,
        because=found.reason if whole else said,
        open=found.kind.owed,
        absence=found.kind,
        reason=found.reason.rstrip("."),
        scope=scope,
    )


def decide(one: Draft, level: float) -> Outcome:
    """Return the outcome of a rule from its interval at a level."""
    rule, found = one.rule, one.finding.estimate
    interval = one.span(one.scope, level)
    outcome = Outcome(
        rule=rule,
        verdict=Verdict.UNDECIDED,
        because="",
        open=True,
        estimate=found.value,
        here=one.span("here", level),
        beyond=one.span("beyond", level),
        scope=one.scope,
        level=level,
        n=found.n,
        groups=found.groups,
        method=found.method,
        choice=one.finding.choice,
        failed=len(one.evidence.failed),
    )
    if interval is None:
        why = one.finding.note or scarce(one)
        return replace(outcome, because=f"{sentence_case(rule.what)} cannot be told: {why}")
    verdict = verdict_of(one, interval)
    # A census has no interval to tell of: the probe's own words say more than a share.
    spoken = rule.statistic == "census" and one.evidence.remarks
    said = [] if spoken else [because(rule, one.finding, interval, verdict)]
    said += remarks(one)
    if verdict is Verdict.UNDECIDED:
        said.append(decisive(rule, found, interval))
    if one.finding.note:
        said.append(one.finding.note)
    decided = verdict is not Verdict.UNDECIDED
    verdict, doubts, fragile = doubted(one, verdict, level)
    return replace(
        outcome,
        verdict=verdict,
        open=verdict is Verdict.UNDECIDED,
        because=" ".join([*said, *doubts]),
        fragile=fragile and decided,
    )


def remarks(one: Draft) -> list[str]:
    """Return what the probe says of a rule's values in its own words.

    Of several things a line each: of a census only those beyond the bound.
    """
    rule, found = one.rule, one.evidence.remarks
    if len(found) == 1:
        return [found[0].text]
    told = [each for each in found if rule.statistic != "census" or broken(each, rule)]
    if found and not told:
        return [f"{sentence_case(rule.what)}: in none of {len(found)}."]
    return ["\n".join(f"{of}: {text}" for of, text, _ in told)] if told else []


def broken(remark: Remark, rule: Rule) -> bool:
    """Return whether what is remarked on lies beyond the bound of a rule."""
    return remark.value is not None and worse(remark.value, rule.bound, rule.sign)


def scarce(one: Draft) -> str:
    """Return what an interval would take."""
    if one.scope == "beyond" and one.finding.estimate.groups == 1:
        return "one movie says nothing of others; two are the least."
    return "one image has no interval; two are the least."


def conditional(outcome: Outcome, by_id: dict[str, list[Outcome]]) -> Outcome:
    """Return the outcome, open where a rule that must pass first did not."""
    unmet = dict.fromkeys(
        one.rule.id
        for name in outcome.rule.given
        for needed in by_id[name]
        for one in [conditional(needed, by_id)]
        if one.verdict is not Verdict.PASS
    )
    if not unmet:
        return outcome
    many = "pass" if len(unmet) > 1 else "passes"
    said = f"Undecided until {', '.join(unmet)} {many}. {outcome.because}"
    owed = outcome.absence is None or outcome.absence.owed
    return replace(outcome, verdict=Verdict.UNDECIDED, open=owed, because=said)
